package fyr.dns.message;

import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one message. Trusts nothing: every length is checked, and a compression pointer may only lead backwards, so reading ends. */
public final class MessageReader {

    /** Bytes of the fixed header. */
    public static final int HEADER = 12;

    /** Pointers within one name: it has no more labels, and each pointer that is of use leads to one. */
    private static final int MOST_POINTERS = DnsName.LONGEST / 2;

    private final byte[] bytes;
    private final int end;
    private int at;
    private @Nullable Edns edns;
    private int extendedCode;

    private MessageReader(byte[] bytes, int length) {
        this.bytes = bytes;
        this.end = length;
    }

    /**
     * Reads the first {@code length} bytes of the array.
     *
     * @throws MalformedMessageException if they are no message; nothing else is thrown
     */
    public static Message read(byte[] bytes, int length) {
        return new MessageReader(bytes, length).message();
    }

    private Message message() {
        int id = u16();
        int flags = u16();
        int questionCount = u16();
        int answerCount = u16();
        int authorityCount = u16();
        int additionalCount = u16();
        List<Question> questions = new ArrayList<>(1);
        for (int i = 0; i < questionCount; i++) {
            questions.add(new Question(name(), new RecordType(u16()), u16()));
        }
        List<ResourceRecord> answers = records(answerCount, false);
        List<ResourceRecord> authorities = records(authorityCount, false);
        List<ResourceRecord> additionals = records(additionalCount, true);
        return new Message(
                id,
                Flags.ofBits(flags, extendedCode),
                questions,
                answers,
                authorities,
                additionals,
                Optional.ofNullable(edns));
    }

    private List<ResourceRecord> records(int count, boolean additional) {
        if (count == 0) {
            return List.of();
        }
        List<ResourceRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            DnsName name = name();
            RecordType type = new RecordType(u16());
            if (type.equals(RecordType.OPT)) {
                edns(name, additional);
                continue;
            }
            int dnsClass = u16();
            long ttl = u32();
            records.add(new ResourceRecord(name, dnsClass, ttl > Integer.MAX_VALUE ? 0 : ttl, data(type)));
        }
        return records;
    }

    private void edns(DnsName name, boolean additional) {
        if (!additional || edns != null || !name.equals(DnsName.ROOT)) {
            throw new MalformedMessageException("OPT record out of place"); // RFC 6891 section 6.1.1
        }
        int payload = u16();
        long ttl = u32();
        int stop = stop(u16());
        List<Edns.Option> options = new ArrayList<>();
        while (at < stop) {
            int code = u16();
            int length = u16();
            require(length, stop);
            options.add(new Edns.Option(code, take(length)));
        }
        extendedCode = (int) (ttl >>> 24);
        edns = new Edns(payload, (int) (ttl >>> 16) & 255, (ttl & 0x8000) != 0, options);
    }

    private RecordData data(RecordType type) {
        int stop = stop(u16());
        RecordData data = switch (type.code()) {
            case 1 -> new RecordData.A((Ipv4Address) address(4, stop));
            case 28 -> new RecordData.Aaaa((Ipv6Address) address(16, stop));
            case 2 -> new RecordData.Ns(name());
            case 5 -> new RecordData.Cname(name());
            case 12 -> new RecordData.Ptr(name());
            case 33 -> new RecordData.Srv(u16(), u16(), u16(), name());
            case 6 -> new RecordData.Soa(name(), name(), u32(), u32(), u32(), u32(), u32());
            case 16 -> text(stop);
            default -> opaque(type, stop);
        };
        if (at != stop) {
            throw new MalformedMessageException("record data of " + type + " does not fill its length");
        }
        return data;
    }

    private IpAddress address(int length, int stop) {
        require(length, stop);
        return IpAddress.of(take(length));
    }

    private RecordData text(int stop) {
        List<String> strings = new ArrayList<>(1);
        while (at < stop) {
            int length = bytes[at++] & 255;
            require(length, stop);
            strings.add(new String(bytes, at, length, StandardCharsets.ISO_8859_1));
            at += length;
        }
        return new RecordData.Txt(strings);
    }

    /** Types whose names an old server may compress (RFC 3597 section 4) are expanded: their bytes must make sense in another message. */
    private RecordData opaque(RecordType type, int stop) {
        return new RecordData.Opaque(
                type,
                switch (type.code()) {
                    case 15, 18, 21, 36 -> namesAfter(2, 1, stop); // MX, AFSDB, RT, KX
                    case 26 -> namesAfter(2, 2, stop); // PX
                    case 14, 17 -> namesAfter(0, 2, stop); // MINFO, RP
                    case 3, 4, 7, 8, 9, 39 -> namesAfter(0, 1, stop); // MD, MF, MB, MG, MR, DNAME
                    default -> take(stop - at);
                });
    }

    private byte[] namesAfter(int prefix, int names, int stop) {
        require(prefix, stop);
        byte[] expanded = take(prefix);
        for (int i = 0; i < names; i++) {
            byte[] name = name().wire();
            expanded = Arrays.copyOf(expanded, expanded.length + name.length);
            System.arraycopy(name, 0, expanded, expanded.length - name.length, name.length);
        }
        return expanded;
    }

    private DnsName name() {
        byte[] wire = new byte[DnsName.LONGEST];
        int length = 0;
        int from = at;
        int barrier = at;
        int jumps = 0;
        while (true) {
            int label = octet(from);
            if (label >= 0xc0) {
                int target = (label & 0x3f) << 8 | octet(from + 1);
                if (jumps == 0) {
                    at = from + 2;
                }
                if (target >= barrier || ++jumps > MOST_POINTERS) {
                    throw new MalformedMessageException(
                            "compression pointer does not lead backwards, or one of too many");
                }
                barrier = target;
                from = target;
                continue;
            }
            if (label > DnsName.LONGEST_LABEL || length + label + 1 + (label == 0 ? 0 : 1) > DnsName.LONGEST) {
                throw new MalformedMessageException("name or label too long");
            }
            wire[length] = (byte) label;
            octet(from + label); // the last byte of the label must be there
            System.arraycopy(bytes, from + 1, wire, length + 1, label);
            length += label + 1;
            from += label + 1;
            if (label == 0) {
                break;
            }
        }
        if (jumps == 0) {
            at = from;
        }
        return DnsName.ofWire(Arrays.copyOf(wire, length));
    }

    private int octet(int position) {
        if (position >= end) {
            throw new MalformedMessageException("message ends within a name");
        }
        return bytes[position] & 255;
    }

    private byte[] take(int length) {
        require(length, end);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    private int stop(int length) {
        require(length, end);
        return at + length;
    }

    private void require(int length, int stop) {
        if (length < 0 || stop - at < length) {
            throw new MalformedMessageException("message or record ends too early");
        }
    }

    private int u16() {
        require(2, end);
        at += 2;
        return (bytes[at - 2] & 255) << 8 | bytes[at - 1] & 255;
    }

    private long u32() {
        return (long) u16() << 16 | u16();
    }
}
