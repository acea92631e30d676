package fyr.bgp.message;

import java.util.BitSet;

/**
 * Whether RFC 7606 lets an UPDATE end the session: where the prefixes cannot all be found for certain, or a well-known attribute is not known.
 * It is written once more for the tests, without regard to speed.
 */
final class ResetOracle {

    private final byte[] bytes;
    private final WireOptions options;
    private boolean reachable;
    private boolean broken;
    private int reaches;
    private int unreaches;
    private final BitSet codes = new BitSet();

    private ResetOracle(byte[] bytes, WireOptions options) {
        this.bytes = bytes;
        this.options = options;
    }

    /** Whether the session may be ended for this UPDATE, header included. */
    static boolean mayReset(byte[] bytes, WireOptions options) {
        ResetOracle oracle = new ResetOracle(bytes, options);
        oracle.read();
        return oracle.broken || !oracle.reachable || oracle.reaches > 1 || oracle.unreaches > 1;
    }

    private int u8(int at) {
        return bytes[at] & 255;
    }

    private int u16(int at) {
        return u8(at) * 256 + u8(at + 1);
    }

    private void read() {
        int withdrawn = 21 + u16(19);
        if (withdrawn + 2 > bytes.length || withdrawn + 2 + u16(withdrawn) > bytes.length) {
            broken = true;
            return;
        }
        int end = withdrawn + 2 + u16(withdrawn);
        prefixes(21, withdrawn, 1, 1);
        prefixes(end, bytes.length, 1, 1);
        reachable |= end < bytes.length;
        for (int at = withdrawn + 2; end - at >= 3; ) {
            boolean wide = (u8(at) & 0x10) != 0;
            if (wide && end - at < 4) {
                return;
            }
            int value = at + (wide ? 4 : 3);
            int next = value + (wide ? u16(at + 2) : u8(at + 2));
            if (next > end) {
                return;
            }
            attribute(u8(at), u8(at + 1), value, next);
            at = next;
        }
    }

    private void attribute(int flags, int code, int at, int end) {
        if (code == 14) {
            reaches++;
            int head = at + 4;
            broken |= (flags & 0xc0) != 0x80 || end - at < 5 || head + u8(at + 3) + 1 > end;
            if (!broken && isUsed(at)) {
                int length = u8(at + 3);
                boolean six = length == 16 || length == 32;
                broken |= u16(at) == 1 ? length != 4 && !(six && options.extendedNextHop()) : !six;
            }
            if (!broken) {
                prefixes(head + u8(at + 3) + 1, end, u16(at), u8(at + 2));
                reachable |= head + u8(at + 3) + 1 < end;
            }
        } else if (code == 15) {
            unreaches++;
            broken |= (flags & 0xc0) != 0x80 || end - at < 3;
            if (!broken) {
                prefixes(at + 3, end, u16(at), u8(at + 2));
            }
        } else {
            // Only the first of several is looked at (section 3 g).
            boolean known = code >= 1 && code <= 10 || code == 16 || code == 17 || code == 18;
            known |= code == 25 || code == 32 || code == 35;
            broken |= !codes.get(code) && !known && (flags & 0x80) == 0;
            codes.set(code);
        }
    }

    private boolean isUsed(int at) {
        return options.families().stream().anyMatch(each -> each.afi() == u16(at) && each.safi() == u8(at + 2));
    }

    private void prefixes(int from, int end, int afi, int safi) {
        if (options.families().stream().noneMatch(each -> each.afi() == afi && each.safi() == safi)) {
            return;
        }
        boolean ids = options.addPath().stream().anyMatch(each -> each.afi() == afi);
        for (int at = from; at < end; ) {
            at += ids ? 4 : 0;
            if (at >= end || u8(at) > (afi == 1 ? 32 : 128)) {
                broken = true;
                return;
            }
            at += 1 + (u8(at) + 7) / 8;
            broken |= at > end;
        }
    }
}
