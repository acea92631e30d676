package fyr.bgp.message;

import fyr.bgp.path.Aggregator;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.AttributeCode;
import fyr.bgp.path.Community;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.UnknownAttribute;
import fyr.model.address.Ipv4Address;

/** Writes the attributes of a path without those that carry prefixes, in ascending order of their codes. */
final class AttributeWriter {

    private static final int WELL_KNOWN = 0x40;
    private static final int OPTIONAL = 0x80;
    private static final int OPTIONAL_TRANSITIVE = 0xc0;
    private static final int PARTIAL = 0x20;
    private static final int EXTENDED = 0x10;
    private static final int SHORTEST_EXTENDED = 256;

    private final Output out;
    private final boolean fourOctetAs;

    AttributeWriter(Output out, boolean fourOctetAs) {
        this.out = out;
        this.fourOctetAs = fourOctetAs;
    }

    /** Writes all of them; the next hop too if it is one of IPv4 that is not told with the prefixes. */
    void write(PathAttributes all, boolean nextHop) {
        attribute(WELL_KNOWN, AttributeCode.ORIGIN, 1);
        out.u8(all.origin().ordinal());
        path(all.asPath(), AttributeCode.AS_PATH, WELL_KNOWN, fourOctetAs);
        if (nextHop && all.nextHop().orElse(null) instanceof NextHop.V4(Ipv4Address address)) {
            number(WELL_KNOWN, AttributeCode.NEXT_HOP, address.bits());
        }
        all.multiExitDisc().ifPresent(value -> number(OPTIONAL, AttributeCode.MULTI_EXIT_DISC, (int) value));
        all.localPref().ifPresent(value -> number(WELL_KNOWN, AttributeCode.LOCAL_PREF, (int) value));
        if (all.atomicAggregate()) {
            attribute(WELL_KNOWN, AttributeCode.ATOMIC_AGGREGATE, 0);
        }
        all.aggregator().ifPresent(value -> aggregator(value, transitive(all, AttributeCode.AGGREGATOR)));
        communities(all);
        reflection(all);
        extendedCommunities(all);
        if (!fourOctetAs) {
            longNumbers(all);
        }
        largeCommunities(all);
        all.onlyToCustomer()
                .ifPresent(value -> number(
                        transitive(all, AttributeCode.ONLY_TO_CUSTOMER), AttributeCode.ONLY_TO_CUSTOMER, (int) value));
        for (UnknownAttribute unknown : all.unknown()) {
            attribute(
                    OPTIONAL_TRANSITIVE | PARTIAL,
                    unknown.code(),
                    unknown.value().length());
            out.octets(unknown.value());
        }
    }

    private static int transitive(PathAttributes all, int code) {
        return all.isPartial(code) ? OPTIONAL_TRANSITIVE | PARTIAL : OPTIONAL_TRANSITIVE;
    }

    private void attribute(int flags, int code, int length) {
        boolean extended = length >= SHORTEST_EXTENDED;
        out.u8(extended ? flags | EXTENDED : flags);
        out.u8(code);
        if (extended) {
            out.u16(length);
        } else {
            out.u8(length);
        }
    }

    private void number(int flags, int code, int value) {
        attribute(flags, code, 4);
        out.u32(value);
    }

    private void path(AsPath path, int code, int flags, boolean wide) {
        int words = path.words();
        int length = 0;
        for (int at = 0; at < words; at += 1 + (path.word(at) & 0xffff)) {
            length += 2 + (path.word(at) & 0xffff) * (wide ? 4 : 2);
        }
        attribute(flags, code, length);
        for (int at = 0; at < words; ) {
            int head = path.word(at++);
            out.u8(head >>> 16);
            out.u8(head);
            for (int end = at + (head & 0xffff); at < end; at++) {
                number(path.word(at), wide);
            }
        }
    }

    private void number(int as, boolean wide) {
        if (wide) {
            out.u32(as);
        } else {
            out.u16(as >>> 16 == 0 ? as : Open.AS_TRANS);
        }
    }

    private void aggregator(Aggregator aggregator, int flags) {
        attribute(flags, AttributeCode.AGGREGATOR, fourOctetAs ? 8 : 6);
        number((int) aggregator.as(), fourOctetAs);
        out.u32(aggregator.address().bits());
    }

    private void communities(PathAttributes all) {
        if (!all.communities().isEmpty()) {
            attribute(
                    transitive(all, AttributeCode.COMMUNITIES),
                    AttributeCode.COMMUNITIES,
                    4 * all.communities().size());
            for (Community community : all.communities()) {
                out.u32(community.value());
            }
        }
    }

    private void reflection(PathAttributes all) {
        all.originatorId().ifPresent(id -> number(OPTIONAL, AttributeCode.ORIGINATOR_ID, id.bits()));
        if (!all.clusterList().isEmpty()) {
            attribute(
                    OPTIONAL, AttributeCode.CLUSTER_LIST, 4 * all.clusterList().size());
            for (Ipv4Address cluster : all.clusterList()) {
                out.u32(cluster.bits());
            }
        }
    }

    private void extendedCommunities(PathAttributes all) {
        if (!all.extendedCommunities().isEmpty()) {
            attribute(
                    transitive(all, AttributeCode.EXTENDED_COMMUNITIES),
                    AttributeCode.EXTENDED_COMMUNITIES,
                    8 * all.extendedCommunities().size());
            for (ExtendedCommunity community : all.extendedCommunities()) {
                out.u64(community.value());
            }
        }
    }

    /** RFC 6793 section 4.2.2: what two octets cannot say, and only then. */
    private void longNumbers(PathAttributes all) {
        AsPath path = all.asPath().withoutConfederation();
        if (hasLong(path)) {
            path(path, AttributeCode.AS4_PATH, OPTIONAL_TRANSITIVE, true);
        }
        all.aggregator().filter(value -> value.as() > 0xffff).ifPresent(value -> {
            attribute(OPTIONAL_TRANSITIVE, AttributeCode.AS4_AGGREGATOR, 8);
            out.u32((int) value.as());
            out.u32(value.address().bits());
        });
    }

    private static boolean hasLong(AsPath path) {
        for (int at = 0; at < path.words(); ) {
            int size = path.word(at++) & 0xffff;
            for (int end = at + size; at < end; at++) {
                if (path.word(at) >>> 16 != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private void largeCommunities(PathAttributes all) {
        if (!all.largeCommunities().isEmpty()) {
            attribute(
                    transitive(all, AttributeCode.LARGE_COMMUNITY),
                    AttributeCode.LARGE_COMMUNITY,
                    12 * all.largeCommunities().size());
            for (LargeCommunity community : all.largeCommunities()) {
                out.u32(community.global());
                out.u32(community.local1());
                out.u32(community.local2());
            }
        }
    }
}
