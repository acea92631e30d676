package fyr.kernel.linux.netlink;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The attributes of a message or of a nested attribute, in the order in which they came; a type may come several times (lists do that).
 * Bounds are checked when it is made; lookups walk, as there are few.
 */
public final class Attributes implements Iterable<Attribute> {

    private static final Attributes NONE = new Attributes(ByteBuffer.allocate(0));

    private final ByteBuffer data;

    private Attributes(ByteBuffer data) {
        this.data = data;
    }

    /**
     * Reads what is between position 0 and limit. Up to three bytes may follow the last attribute: the kernel does not always pad.
     *
     * @throws MalformedMessage if a length does not fit
     */
    public static Attributes of(ByteBuffer data) {
        int limit = data.limit();
        ByteBuffer ordered = data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at + Netlink.NLA_HDRLEN <= limit; ) {
            int length = ordered.getShort(at) & 0xffff;
            if (length < Netlink.NLA_HDRLEN || at + length > limit) {
                throw new MalformedMessage(
                        "an attribute at byte " + at + " of " + limit + " claims " + length + " bytes");
            }
            at += Netlink.align(length);
        }
        return new Attributes(ordered);
    }

    /** No attributes at all. */
    public static Attributes none() {
        return NONE;
    }

    /** The first attribute of this type. */
    public Optional<Attribute> get(int type) {
        for (int at = 0; at + Netlink.NLA_HDRLEN <= data.limit(); at += Netlink.align(length(at))) {
            if (type(at) == type) {
                return Optional.of(attribute(at));
            }
        }
        return Optional.empty();
    }

    /** Whether there is an attribute of this type. */
    public boolean has(int type) {
        return get(type).isPresent();
    }

    /** A byte. */
    public OptionalInt u8(int type) {
        return get(type).stream().mapToInt(Attribute::u8).findFirst();
    }

    /** Four bytes. */
    public OptionalInt u32(int type) {
        return get(type).stream().mapToInt(Attribute::u32).findFirst();
    }

    /** Two bytes in network order. */
    public OptionalInt be16(int type) {
        return get(type).stream().mapToInt(Attribute::be16).findFirst();
    }

    /** Four bytes in network order. */
    public OptionalInt be32(int type) {
        return get(type).stream().mapToInt(Attribute::be32).findFirst();
    }

    /** Eight bytes in network order. */
    public OptionalLong be64(int type) {
        return get(type).stream().mapToLong(Attribute::be64).findFirst();
    }

    /** A text. */
    public Optional<String> string(int type) {
        return get(type).map(Attribute::string);
    }

    /** Any bytes. */
    public Optional<byte[]> bytes(int type) {
        return get(type).map(Attribute::bytes);
    }

    /**
     * An address of IPv4 or IPv6.
     *
     * @throws MalformedMessage if it has any other length
     */
    public Optional<IpAddress> address(int type) {
        return bytes(type).map(bytes -> {
            if (bytes.length != Family.IPV4.bytes() && bytes.length != Family.IPV6.bytes()) {
                throw new MalformedMessage("attribute " + type + " is an address of " + bytes.length + " bytes");
            }
            return IpAddress.of(bytes);
        });
    }

    /** The attributes in the first one of this type; none if it is absent. */
    public Attributes nested(int type) {
        return get(type).map(Attribute::nested).orElse(NONE);
    }

    @Override
    public Iterator<Attribute> iterator() {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at + Netlink.NLA_HDRLEN <= data.limit();
            }

            @Override
            public Attribute next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                Attribute next = attribute(at);
                at += Netlink.align(length(at));
                return next;
            }
        };
    }

    private int length(int at) {
        return data.getShort(at) & 0xffff;
    }

    private int type(int at) {
        return data.getShort(at + 2) & Netlink.NLA_TYPE_MASK;
    }

    private Attribute attribute(int at) {
        ByteBuffer value = data.slice(at + Netlink.NLA_HDRLEN, length(at) - Netlink.NLA_HDRLEN)
                .order(ByteOrder.LITTLE_ENDIAN);
        return new Attribute(type(at), value);
    }
}
