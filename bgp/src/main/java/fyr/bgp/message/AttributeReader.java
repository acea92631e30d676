package fyr.bgp.message;

import fyr.bgp.message.AttributeFault.Handling;
import fyr.bgp.path.Aggregator;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.AttributeCode;
import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.Community;
import fyr.bgp.path.ExtendedCommunity;
import fyr.bgp.path.LargeCommunity;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Octets;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.UnknownAttribute;
import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads the attributes of one set of paths, without those that carry prefixes, and says of each error what RFC 7606 says. The list is known to
 * be whole: each attribute ends where the next one begins.
 */
final class AttributeReader {

    /** Discarded attributes beyond so many are not named, because one message can have thousands. */
    private static final int MOST_DISCARDED = 16;

    private static final int OPTIONAL = 0x80;
    private static final int TRANSITIVE = 0x40;
    private static final int PARTIAL = 0x20;
    private static final int EXTENDED = 0x10;
    private static final int WELL_KNOWN = TRANSITIVE;
    private static final int OPTIONAL_TRANSITIVE = OPTIONAL | TRANSITIVE;

    private final byte[] bytes;
    private final boolean internal;
    private final boolean fourOctetAs;
    private final List<AttributeFault> faults = new ArrayList<>();
    private final BitSet seen = new BitSet(256);
    private final List<UnknownAttribute> unknown = new ArrayList<>();
    private final AttributesBuilder builder = PathAttributes.of(Origin.IGP, AsPath.EMPTY);
    private AsPath asPath = AsPath.EMPTY;
    private @Nullable AsPath as4Path;
    private @Nullable Aggregator aggregator;
    private @Nullable Aggregator as4Aggregator;

    /** Of no account where the next hop was told with the prefixes (RFC 4760 section 3): there, speakers put 0.0.0.0. */
    private @Nullable AttributeFault invalidNextHop;

    // The attribute that is being read.
    private int head;
    private int flags;
    private int code;
    private int at;
    private int length;

    AttributeReader(byte[] bytes, boolean internal, boolean fourOctetAs) {
        this.bytes = bytes;
        this.internal = internal;
        this.fourOctetAs = fourOctetAs;
    }

    /** What was wrong with the attributes. */
    List<AttributeFault> faults() {
        return faults;
    }

    /** Reads the attributes up to {@code end}. */
    void read(int end) {
        for (int next = 0; next < end; next = at + length) {
            head = next;
            flags = bytes[next] & 255;
            code = bytes[next + 1] & 255;
            boolean wide = (flags & EXTENDED) != 0;
            at = next + (wide ? 4 : 3);
            length = wide ? u16(next + 2) : bytes[next + 2] & 255;
            if (seen.get(code)) {
                fault(Handling.DISCARDED, ErrorCode.MALFORMED_ATTRIBUTE_LIST, "appears again");
                continue;
            }
            seen.set(code);
            attribute();
        }
    }

    /** Checks that nothing is missing in attributes of routes; the next hop may have been told with the prefixes. */
    void require(Optional<NextHop> told) {
        requirePresent(AttributeCode.ORIGIN);
        requirePresent(AttributeCode.AS_PATH);
        if (told.isEmpty()) {
            requirePresent(AttributeCode.NEXT_HOP);
            if (invalidNextHop != null) {
                faults.add(invalidNextHop);
            }
        }
    }

    private void requirePresent(int mandatory) {
        if (!seen.get(mandatory)) {
            Notification notification =
                    new Notification(ErrorCode.UPDATE, ErrorCode.MISSING_WELL_KNOWN, Octets.of((byte) mandatory));
            faults.add(new AttributeFault(mandatory, Handling.TREATED_AS_WITHDRAWN, "missing", notification));
        }
    }

    /** The attributes, with the next hop that was told with the prefixes, or with their own. Without meaning if a fault is more than a discarded attribute. */
    PathAttributes attributes(Optional<NextHop> told) {
        told.ifPresent(builder::nextHop);
        builder.unknown(unknown);
        boolean both = as4Aggregator != null && aggregator != null;
        // RFC 6793 section 4.2.3: an AS that knows no long numbers has aggregated, so that both AS4 attributes say
        // nothing about this path.
        boolean outdated = both && aggregator != null && aggregator.as() != Open.AS_TRANS;
        if (both && !outdated) {
            aggregator = as4Aggregator;
        }
        builder.asPath(as4Path == null || outdated ? asPath : AsPathReader.merge(asPath, as4Path));
        return builder.aggregator(Optional.ofNullable(aggregator)).build();
    }

    private void attribute() {
        switch (code) {
            case AttributeCode.ORIGIN -> origin();
            case AttributeCode.AS_PATH -> asPath();
            case AttributeCode.NEXT_HOP -> nextHop();
            case AttributeCode.MULTI_EXIT_DISC -> {
                if (flags(OPTIONAL) && length(4)) {
                    builder.multiExitDisc(u32(at));
                }
            }
            case AttributeCode.LOCAL_PREF -> {
                if (fromInternal() && flags(WELL_KNOWN) && length(4)) {
                    builder.localPref(u32(at));
                }
            }
            case AttributeCode.ATOMIC_AGGREGATE -> atomicAggregate();
            case AttributeCode.AGGREGATOR -> aggregator();
            case AttributeCode.ORIGINATOR_ID -> {
                if (fromInternal() && flags(OPTIONAL) && length(4)) {
                    builder.originatorId(Optional.of(address(at)));
                }
            }
            case AttributeCode.CLUSTER_LIST -> {
                if (fromInternal() && flags(OPTIONAL) && multiple(4)) {
                    builder.clusterList(each(4, this::address));
                }
            }
            case AttributeCode.AS4_PATH -> as4Path();
            case AttributeCode.AS4_AGGREGATOR -> as4Aggregator();
            case AttributeCode.ONLY_TO_CUSTOMER -> {
                if (flags(OPTIONAL_TRANSITIVE) && length(4)) {
                    builder.onlyToCustomer(u32(at));
                    partial();
                }
            }
            default -> communities();
        }
    }

    private void communities() {
        switch (code) {
            case AttributeCode.COMMUNITIES -> {
                if (flags(OPTIONAL_TRANSITIVE) && multiple(4)) {
                    builder.communities(each(4, place -> new Community((int) u32(place))));
                    partial();
                }
            }
            case AttributeCode.EXTENDED_COMMUNITIES -> {
                if (flags(OPTIONAL_TRANSITIVE) && multiple(8)) {
                    builder.extendedCommunities(
                            each(8, place -> new ExtendedCommunity(u32(place) << 32 | u32(place + 4))));
                    partial();
                }
            }
            case AttributeCode.LARGE_COMMUNITY -> {
                if (flags(OPTIONAL_TRANSITIVE) && multiple(12)) {
                    builder.largeCommunities(each(
                            12,
                            place -> new LargeCommunity((int) u32(place), (int) u32(place + 4), (int) u32(place + 8))));
                    partial();
                }
            }
            case AttributeCode.IPV6_EXTENDED_COMMUNITIES -> {
                if (flags(OPTIONAL_TRANSITIVE) && multiple(20)) {
                    unknown.add(new UnknownAttribute(code, Octets.of(bytes, at, at + length)));
                }
            }
            default -> unknown();
        }
    }

    private void origin() {
        if (!flags(WELL_KNOWN) || !length(1)) {
            return;
        }
        int value = bytes[at] & 255;
        if (value > 2) {
            fault(Handling.TREATED_AS_WITHDRAWN, ErrorCode.INVALID_ORIGIN, "undefined value " + value);
        } else {
            builder.origin(value == 0 ? Origin.IGP : value == 1 ? Origin.EGP : Origin.INCOMPLETE);
        }
    }

    private void asPath() {
        if (!flags(WELL_KNOWN)) {
            return;
        }
        Optional<AsPath> path = AsPathReader.read(bytes, at, at + length, fourOctetAs ? 4 : 2);
        // RFC 5065 section 5: members of a confederation are told within it only.
        if (path.isEmpty() || !internal && path.get().hasConfederation()) {
            fault(Handling.TREATED_AS_WITHDRAWN, ErrorCode.MALFORMED_AS_PATH, "malformed");
        } else {
            asPath = path.get();
        }
    }

    private void nextHop() {
        if (!flags(WELL_KNOWN) || !length(4)) {
            return;
        }
        if (isHost((int) u32(at))) {
            builder.nextHop(new NextHop.V4(address(at)));
        } else {
            invalidNextHop = faultOf(Handling.TREATED_AS_WITHDRAWN, ErrorCode.INVALID_NEXT_HOP, "no address of a host");
        }
    }

    /** Whether an IPv4 address can be that of a host: not 0.0.0.0, multicast, reserved or broadcast. */
    static boolean isHost(int address) {
        return address != 0 && address >>> 28 < 14;
    }

    /** RFC 7606 section 3 f: no error of this attribute or of AGGREGATOR is more than a discarded attribute. */
    private void atomicAggregate() {
        if ((flags & OPTIONAL_TRANSITIVE) != WELL_KNOWN || length != 0) {
            fault(Handling.DISCARDED, ErrorCode.ATTRIBUTE_LENGTH, "malformed");
        } else {
            builder.atomicAggregate(true);
        }
    }

    private void aggregator() {
        int expected = fourOctetAs ? 8 : 6;
        if ((flags & OPTIONAL_TRANSITIVE) != OPTIONAL_TRANSITIVE || length != expected) {
            fault(Handling.DISCARDED, ErrorCode.ATTRIBUTE_LENGTH, "malformed");
            return;
        }
        long as = fourOctetAs ? u32(at) : u16(at);
        if (as == 0) {
            fault(Handling.DISCARDED, ErrorCode.OPTIONAL_ATTRIBUTE, "AS 0"); // RFC 7607 section 2
        } else {
            aggregator = new Aggregator(as, address(at + length - 4));
            partial();
        }
    }

    /** RFC 6793 section 6: whatever is wrong with AS4_PATH and AS4_AGGREGATOR, they are discarded; peers with long numbers may not send them. */
    private void as4Path() {
        if (fourOctetAs) {
            fault(Handling.DISCARDED, ErrorCode.OPTIONAL_ATTRIBUTE, "from a peer with four-octet AS numbers");
            return;
        }
        Optional<AsPath> path = length < 6 ? Optional.empty() : AsPathReader.read(bytes, at, at + length, 4);
        if (flags(OPTIONAL_TRANSITIVE) && path.isEmpty()) {
            fault(Handling.DISCARDED, ErrorCode.OPTIONAL_ATTRIBUTE, "malformed");
        }
        as4Path = path.map(AsPath::withoutConfederation).orElse(null);
    }

    private void as4Aggregator() {
        if (fourOctetAs) {
            fault(Handling.DISCARDED, ErrorCode.OPTIONAL_ATTRIBUTE, "from a peer with four-octet AS numbers");
        } else if (flags(OPTIONAL_TRANSITIVE)) {
            if (length != 8 || u32(at) == 0) {
                fault(Handling.DISCARDED, ErrorCode.OPTIONAL_ATTRIBUTE, "malformed");
            } else {
                as4Aggregator = new Aggregator(u32(at), address(at + 4));
            }
        }
    }

    /** RFC 4271 section 6.3 ends the session for a well-known attribute that is not known; RFC 7606 leaves it so. */
    private void unknown() {
        if ((flags & OPTIONAL) == 0) {
            throw NotificationException.of(
                    ErrorCode.UPDATE,
                    ErrorCode.UNRECOGNIZED_WELL_KNOWN,
                    Octets.of(bytes, head, at + length),
                    "well-known attribute " + code);
        }
        if ((flags & TRANSITIVE) != 0) {
            unknown.add(new UnknownAttribute(code, Octets.of(bytes, at, at + length)));
        }
    }

    private void partial() {
        if ((flags & PARTIAL) != 0) {
            builder.partial(code);
        }
    }

    private boolean fromInternal() {
        if (!internal) {
            fault(Handling.DISCARDED, ErrorCode.MALFORMED_ATTRIBUTE_LIST, "from an external peer");
        }
        return internal;
    }

    private boolean flags(int expected) {
        boolean right = (flags & OPTIONAL_TRANSITIVE) == expected;
        if (!right) {
            fault(Handling.TREATED_AS_WITHDRAWN, ErrorCode.ATTRIBUTE_FLAGS, "flags " + flags);
        }
        return right;
    }

    private boolean length(int expected) {
        if (length != expected) {
            fault(Handling.TREATED_AS_WITHDRAWN, ErrorCode.ATTRIBUTE_LENGTH, "length " + length);
        }
        return length == expected;
    }

    private boolean multiple(int size) {
        boolean right = length > 0 && length % size == 0;
        if (!right) {
            fault(Handling.TREATED_AS_WITHDRAWN, ErrorCode.ATTRIBUTE_LENGTH, "length " + length);
        }
        return right;
    }

    private <T> List<T> each(int size, IntFunction<T> reading) {
        List<T> all = new ArrayList<>(length / size);
        for (int place = at; place < at + length; place += size) {
            all.add(reading.apply(place));
        }
        return all;
    }

    private void fault(Handling handling, int subcode, String reason) {
        if (handling == Handling.DISCARDED && faults.size() >= MOST_DISCARDED) {
            return;
        }
        faults.add(faultOf(handling, subcode, reason));
    }

    private AttributeFault faultOf(Handling handling, int subcode, String reason) {
        Octets attribute = Octets.of(bytes, head, at + length);
        return new AttributeFault(code, handling, reason, new Notification(ErrorCode.UPDATE, subcode, attribute));
    }

    private Ipv4Address address(int place) {
        return new Ipv4Address((int) u32(place));
    }

    private int u16(int place) {
        return (bytes[place] & 255) << 8 | bytes[place + 1] & 255;
    }

    private long u32(int place) {
        return (long) u16(place) << 16 | u16(place + 2);
    }
}
