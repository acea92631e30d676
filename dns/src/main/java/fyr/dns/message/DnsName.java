package fyr.dns.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A fully qualified domain name: at most 255 bytes on the wire, labels of 1 to 63 bytes (RFC 1035 section 2.3.4). Keeps the case it was
 * written in and compares without it, for ASCII letters only (RFC 4343). Immutable; safe on any thread.
 */
public final class DnsName {

    /** The root, written as a single dot. */
    public static final DnsName ROOT = new DnsName(new byte[] {0});

    static final int LONGEST = 255;
    static final int LONGEST_LABEL = 63;

    private final byte[] wire;
    private final int hash;

    private DnsName(byte[] wire) {
        this.wire = wire;
        this.hash = hashOf(wire);
    }

    /** Takes the array for its own: well-formed, uncompressed, the root's zero at its end. */
    static DnsName ofWire(byte[] wire) {
        return wire.length == 1 ? ROOT : new DnsName(wire);
    }

    /**
     * Reads the textual form of RFC 1035 section 5.1, with or without the final dot; {@code \.} and {@code \065} are understood.
     *
     * @throws IllegalArgumentException if it is empty or has a label or a length that DNS does not allow
     */
    public static DnsName parse(String text) {
        return ofWire(NameText.parse(text));
    }

    /** This name with one more label in front, which is taken as it is: a dot in it is part of the label. */
    public DnsName child(String label) {
        byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length == 0 || bytes.length > LONGEST_LABEL || wire.length + bytes.length + 1 > LONGEST) {
            throw new IllegalArgumentException("no domain name: '" + label + "." + this + "'");
        }
        byte[] longer = new byte[wire.length + bytes.length + 1];
        longer[0] = (byte) bytes.length;
        System.arraycopy(bytes, 0, longer, 1, bytes.length);
        System.arraycopy(wire, 0, longer, bytes.length + 1, wire.length);
        return new DnsName(longer);
    }

    /** This name with dotted labels in front, as in {@code web.shop.svc} before {@code cluster.local}. */
    public DnsName below(String relative) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(LONGEST);
        byte[] front = NameText.parse(relative);
        bytes.write(front, 0, front.length - 1);
        bytes.write(wire, 0, wire.length);
        if (bytes.size() > LONGEST) {
            throw new IllegalArgumentException("longer than 255 bytes: '" + relative + "." + this + "'");
        }
        return ofWire(bytes.toByteArray());
    }

    /** This name without its first labels. */
    public DnsName parent(int dropped) {
        int at = 0;
        for (int i = 0; i < dropped; i++) {
            at += wire[at] + 1;
        }
        return at == 0 ? this : ofWire(Arrays.copyOfRange(wire, at, wire.length));
    }

    /** Whether this name is that one or lies below it. */
    public boolean isWithin(DnsName zone) {
        int start = wire.length - zone.wire.length;
        int at = 0;
        while (at < start) {
            at += wire[at] + 1;
        }
        return at == start && matches(wire, at, zone.wire);
    }

    /** The labels in front of a zone that this name is within, left to right, in lower case. */
    public String[] labelsBelow(DnsName zone) {
        int end = wire.length - zone.wire.length;
        int count = 0;
        for (int at = 0; at < end; at += wire[at] + 1) {
            count++;
        }
        String[] labels = new String[count];
        for (int at = 0, i = 0; at < end; at += wire[at] + 1) {
            labels[i++] = lowerLabel(at);
        }
        return labels;
    }

    private String lowerLabel(int at) {
        byte[] label = new byte[wire[at]];
        for (int i = 0; i < label.length; i++) {
            label[i] = lower(wire[at + 1 + i]);
        }
        return new String(label, StandardCharsets.ISO_8859_1);
    }

    /** Bytes this name takes uncompressed, 1 to 255. */
    public int length() {
        return wire.length;
    }

    byte[] wire() {
        return wire;
    }

    /** A-Z become a-z. The length of a label, at most 63, is never a letter, so whole names may be mapped byte by byte. */
    static byte lower(byte b) {
        return b >= 'A' && b <= 'Z' ? (byte) (b + 32) : b;
    }

    private static boolean matches(byte[] wire, int from, byte[] other) {
        for (int i = 0; i < other.length; i++) {
            if (lower(wire[from + i]) != lower(other[i])) {
                return false;
            }
        }
        return true;
    }

    private static int hashOf(byte[] wire) {
        int hash = 0;
        for (byte b : wire) {
            hash = hash * 31 + lower(b);
        }
        return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DnsName name
                && name.hash == hash
                && name.wire.length == wire.length
                && matches(wire, 0, name.wire);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    /** The textual form with the final dot. */
    @Override
    public String toString() {
        return NameText.format(wire);
    }
}
