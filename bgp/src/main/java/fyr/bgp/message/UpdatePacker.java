package fyr.bgp.message;

import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefixes;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes routes into as few UPDATEs as possible. Each has prefixes of one kind, and attributes that carry prefixes come first (RFC 7606 section
 * 5.1). Each call writes one message and returns how far it came. Not to be used by two threads at once.
 */
public final class UpdatePacker {

    private final WireOptions options;
    private final Output out = new Output();

    /** The attributes as bytes that were written last; several messages may need the same. */
    private final Output written = new Output();

    private @Nullable PathAttributes last;

    /** A packer of what is sent to one peer. */
    public UpdatePacker(WireOptions options) {
        this.options = options;
    }

    /**
     * Writes a message that announces prefixes from {@code from} on, as many as fit.
     *
     * @param into has at least 4096 bytes left, or 65535 where messages are extended, unless the message is known to be shorter
     * @return the position of the first prefix that was not written. It is {@code from} if the attributes leave no room for a single prefix:
     *     then nothing is written, and the routes are to be withdrawn instead (RFC 8654 section 5).
     * @throws IllegalArgumentException if the attributes have no next hop
     */
    public int announce(PathAttributes attributes, PathPrefixes prefixes, int from, ByteBuffer into) {
        NextHop nextHop =
                attributes.nextHop().orElseThrow(() -> new IllegalArgumentException("announcement without next hop"));
        boolean classic = nextHop instanceof NextHop.V4 && prefixes.family().equals(AddressFamily.IPV4);
        encode(attributes);
        begin();
        out.u16(0);
        int head = out.position();
        out.u16(0);
        int limit = limit(into);
        int next;
        if (classic) {
            out.all(written.bytes(), 0, written.position());
            out.u16At(head, out.position() - head - 2);
            next = PrefixWriter.write(prefixes, from, ids(prefixes), out, limit);
        } else {
            int room = limit - written.position();
            next = MultiprotocolWriter.reach(nextHop, prefixes, from, ids(prefixes), out, room);
            out.all(written.bytes(), 0, written.position());
            out.u16At(head, out.position() - head - 2);
        }
        return next == from ? from : end(next, into);
    }

    /**
     * Writes a message that withdraws prefixes from {@code from} on, as many as fit.
     *
     * @param into as for {@link #announce}
     * @return the position of the first prefix that was not written
     */
    public int withdraw(PathPrefixes prefixes, int from, ByteBuffer into) {
        begin();
        int head = out.position();
        out.u16(0);
        int next;
        if (prefixes.family().equals(AddressFamily.IPV4)) {
            next = PrefixWriter.write(prefixes, from, ids(prefixes), out, limit(into) - 2);
            out.u16At(head, out.position() - head - 2);
            out.u16(0);
        } else {
            out.u16(0);
            next = MultiprotocolWriter.unreach(prefixes, from, ids(prefixes), out, limit(into));
            out.u16At(head + 2, out.position() - head - 4);
        }
        return next == from ? from : end(next, into);
    }

    private void encode(PathAttributes attributes) {
        if (attributes != last) {
            written.back(0);
            // NEXT_HOP is left out where the next hop is one of IPv6; IPv6 prefixes never have one of IPv4.
            new AttributeWriter(written, options.fourOctetAs()).write(attributes, true);
            last = attributes;
        }
    }

    private void begin() {
        out.back(0);
        out.skip(Header.BYTES);
    }

    private int limit(ByteBuffer into) {
        return Math.min(options.longest(), into.remaining());
    }

    private boolean ids(PathPrefixes prefixes) {
        return options.addPath().contains(prefixes.family());
    }

    private int end(int next, ByteBuffer into) {
        Header.put(out.bytes(), 0, out.position(), Header.UPDATE);
        into.put(out.bytes(), 0, out.position());
        return next;
    }
}
