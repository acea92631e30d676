package fyr.bgp.message;

import fyr.bgp.message.AttributeFault.Handling;
import fyr.bgp.message.Update.Announcement;
import fyr.bgp.path.AddressFamily;
import fyr.bgp.path.AttributeCode;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Octets;
import fyr.bgp.path.PathAttributes;
import fyr.bgp.path.PathPrefixes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads an UPDATE (RFC 4271 section 4.3, RFC 4760, RFC 7606). First it finds all prefixes, because routes can be treated as withdrawn only if
 * all are known; what prevents that ends the session. Then it reads the attributes, if no equal ones have been read before.
 */
final class UpdateReader {

    private final boolean internal;
    private final WireOptions options;
    private final boolean four;
    private final boolean fourIds;

    /** By the attributes alone. */
    private final AttributeCache plain = new AttributeCache();

    /** By the attributes and the next hop that was told with the prefixes. */
    private final AttributeCache told = new AttributeCache();

    /** The attributes of the current message without those that carry prefixes, and behind them the next hop. */
    private byte[] others = new byte[256];

    private int othersEnd;
    private byte[] bytes = others;
    private int attributesEnd;

    /** Where the attributes with prefixes begin, or -1. */
    private int reachHead;

    private int unreachHead;

    // Filled anew for each message.
    private final List<AttributeFault> faults = new ArrayList<>();
    private final List<PathPrefixes> withdrawn = new ArrayList<>();
    private final List<PathPrefixes> announced = new ArrayList<>();

    UpdateReader(WireOptions options, PeerKind kind) {
        this.options = options;
        this.internal = kind == PeerKind.INTERNAL;
        this.four = options.families().contains(AddressFamily.IPV4);
        this.fourIds = options.addPath().contains(AddressFamily.IPV4);
    }

    Reading read(byte[] message, int from, int end) {
        bytes = message;
        int withdrawnEnd = from + 2 + u16(from);
        if (withdrawnEnd + 2 > end || withdrawnEnd + 2 + u16(withdrawnEnd) > end) {
            throw reset(ErrorCode.MALFORMED_ATTRIBUTE_LIST, Octets.EMPTY, "lengths exceed the message");
        }
        attributesEnd = withdrawnEnd + 2 + u16(withdrawnEnd);
        if (end - from == 4 && four) {
            return Reading.of(new EndOfRib(AddressFamily.IPV4));
        }
        faults.clear();
        withdrawn.clear();
        announced.clear();
        divide(withdrawnEnd + 2);
        add(classic(from + 2, withdrawnEnd), withdrawn);
        boolean unreachable = unreachHead >= 0 && unreach();
        boolean alone = end - from == 4 + attributesEnd - withdrawnEnd - 2 && othersEnd == 0 && reachHead < 0;
        if (unreachable && alone && withdrawn.isEmpty() && faults.isEmpty()) {
            return Reading.of(new EndOfRib(familyAt(value(unreachHead))));
        }
        add(classic(attributesEnd, end), announced);
        Optional<NextHop> nextHop = reachHead < 0 ? Optional.empty() : reach();
        boolean reachable = attributesEnd < end || reachHead >= 0 && valueEnd(reachHead) > prefixes(reachHead);
        return reading(nextHop, attributesEnd < end && four, reachable);
    }

    private static void add(@Nullable PathPrefixes prefixes, List<PathPrefixes> to) {
        if (prefixes != null && !prefixes.isEmpty()) {
            to.add(prefixes);
        }
    }

    private Reading reading(Optional<NextHop> nextHop, boolean classic, boolean reachable) {
        List<Announcement> announcements = announced.isEmpty() ? List.of() : new ArrayList<>(announced.size());
        for (int i = 0; i < announced.size(); i++) {
            PathAttributes attributes = attributes(i == 0 && classic ? Optional.empty() : nextHop);
            if (attributes != null) {
                announcements.add(new Announcement(attributes, announced.get(i)));
            }
        }
        if (announced.isEmpty() && othersEnd > 0) {
            AttributeReader reader = new AttributeReader(others, internal, options.fourOctetAs());
            reader.read(othersEnd);
            faults.addAll(reader.faults());
        }
        AttributeFault worst = worst(faults);
        if (worst == null) {
            return new Reading(new Update(withdrawn, announcements), faults);
        }
        if (!reachable) {
            // RFC 7606 section 5.2: it is not certain that no routes were overlooked.
            throw new NotificationException(worst.notification(), worst.reason() + ", without routes");
        }
        withdrawn.addAll(announced);
        return new Reading(new Update(withdrawn, List.of()), faults);
    }

    /** The first fault for which the routes count as withdrawn. */
    private static @Nullable AttributeFault worst(List<AttributeFault> faults) {
        for (AttributeFault fault : faults) {
            if (fault.handling() == Handling.TREATED_AS_WITHDRAWN) {
                return fault;
            }
        }
        return null;
    }

    /** Finds the attributes that carry prefixes and copies the others (RFC 7606 section 3 g, section 4). */
    private void divide(int from) {
        reachHead = -1;
        unreachHead = -1;
        othersEnd = 0;
        // Behind the attributes, there must be room for a next hop, and for its length.
        if (others.length < attributesEnd - from + 64) {
            others = new byte[attributesEnd - from + 64];
        }
        for (int at = from; at < attributesEnd; at = valueEnd(at)) {
            int left = attributesEnd - at;
            if (left < 3 || left < 4 && isWide(at) || valueEnd(at) > attributesEnd) {
                Notification notification = Notification.of(ErrorCode.UPDATE, ErrorCode.MALFORMED_ATTRIBUTE_LIST);
                faults.add(new AttributeFault(
                        0, Handling.TREATED_AS_WITHDRAWN, "the last one exceeds their length", notification));
                return;
            }
            switch (bytes[at + 1]) {
                case AttributeCode.MP_REACH_NLRI -> reachHead = once(reachHead, at);
                case AttributeCode.MP_UNREACH_NLRI -> unreachHead = once(unreachHead, at);
                default -> {
                    int size = valueEnd(at) - at;
                    System.arraycopy(bytes, at, others, othersEnd, size);
                    othersEnd += size;
                }
            }
        }
    }

    private int once(int before, int at) {
        if (before >= 0) {
            throw reset(ErrorCode.MALFORMED_ATTRIBUTE_LIST, Octets.EMPTY, "MP_REACH_NLRI or MP_UNREACH_NLRI twice");
        }
        return at;
    }

    private boolean isWide(int head) {
        return (bytes[head] & 0x10) != 0;
    }

    private int value(int head) {
        return head + (isWide(head) ? 4 : 3);
    }

    private int valueEnd(int head) {
        return value(head) + (isWide(head) ? u16(head + 2) : bytes[head + 2] & 255);
    }

    /** The prefixes outside of attributes, or nothing if those of IPv4 are not exchanged. */
    private @Nullable PathPrefixes classic(int from, int end) {
        if (from == end || !four) {
            return null;
        }
        int count = PrefixReader.count(bytes, from, end, 32, fourIds);
        if (count == PrefixReader.MALFORMED) {
            throw reset(ErrorCode.INVALID_NETWORK_FIELD, Octets.EMPTY, "malformed prefix");
        }
        return PrefixReader.read(bytes, from, count, AddressFamily.IPV4, fourIds);
    }

    private AddressFamily familyAt(int value) {
        return AddressFamily.of(u16(value), bytes[value + 2] & 255);
    }

    /** Adds what MP_UNREACH_NLRI withdraws; returns whether its family is in use. */
    private boolean unreach() {
        requireFlags(unreachHead);
        int value = value(unreachHead);
        if (valueEnd(unreachHead) - value < 3) {
            throw incorrect(unreachHead, "too short");
        }
        AddressFamily family = familyAt(value);
        if (!options.families().contains(family)) {
            faults.add(ignored(unreachHead, family));
            return false;
        }
        add(prefixes(value + 3, unreachHead, family), withdrawn);
        return true;
    }

    /** Where the prefixes in MP_REACH_NLRI begin: behind the next hop and a reserved byte. */
    private int prefixes(int head) {
        return value(head) + 5 + (bytes[value(head) + 3] & 255);
    }

    /** Adds what MP_REACH_NLRI announces, and returns the next hop there. */
    private Optional<NextHop> reach() {
        requireFlags(reachHead);
        int value = value(reachHead);
        if (valueEnd(reachHead) - value < 5 || prefixes(reachHead) > valueEnd(reachHead)) {
            throw incorrect(reachHead, "too short");
        }
        AddressFamily family = familyAt(value);
        if (!options.families().contains(family)) {
            faults.add(ignored(reachHead, family));
            return Optional.empty();
        }
        int length = bytes[value + 3] & 255;
        if (!NextHopReader.isLength(length, family, options.extendedNextHop())) {
            throw incorrect(reachHead, "next hop of " + length + " bytes");
        }
        add(prefixes(prefixes(reachHead), reachHead, family), announced);
        NextHop nextHop = NextHopReader.read(bytes, value + 4, length);
        if (!NextHopReader.isHost(nextHop)) {
            faults.add(new AttributeFault(
                    AttributeCode.MP_REACH_NLRI,
                    Handling.TREATED_AS_WITHDRAWN,
                    "no address of a host",
                    new Notification(ErrorCode.UPDATE, ErrorCode.INVALID_NEXT_HOP, octets(reachHead))));
        }
        return Optional.of(nextHop);
    }

    private PathPrefixes prefixes(int from, int head, AddressFamily family) {
        boolean ids = options.addPath().contains(family);
        int count = PrefixReader.count(
                bytes, from, valueEnd(head), family.addresses().bits(), ids);
        if (count == PrefixReader.MALFORMED) {
            throw incorrect(head, "malformed prefix");
        }
        return PrefixReader.read(bytes, from, count, family, ids);
    }

    /** RFC 7606 section 5.3: with other flags, the attribute is not what it seems to be. */
    private void requireFlags(int head) {
        if ((bytes[head] & 0xc0) != 0x80) {
            throw incorrect(head, "flags");
        }
    }

    private AttributeFault ignored(int head, AddressFamily family) {
        Notification notification = new Notification(ErrorCode.UPDATE, ErrorCode.OPTIONAL_ATTRIBUTE, octets(head));
        return new AttributeFault(
                bytes[head + 1] & 255, Handling.IGNORED, family + " was not negotiated", notification);
    }

    private NotificationException incorrect(int head, String reason) {
        return reset(
                ErrorCode.OPTIONAL_ATTRIBUTE, octets(head), AttributeCode.name(bytes[head + 1] & 255) + ": " + reason);
    }

    private Octets octets(int head) {
        return Octets.of(bytes, head, valueEnd(head));
    }

    private static NotificationException reset(int subcode, Octets data, String reason) {
        return NotificationException.of(ErrorCode.UPDATE, subcode, data, reason);
    }

    /** The attributes with this next hop, or with their own; nothing if there is a fault. Only sets without any fault are kept. */
    private @Nullable PathAttributes attributes(Optional<NextHop> nextHop) {
        AttributeCache cache = nextHop.isEmpty() ? plain : told;
        int keyEnd = nextHop.isEmpty() ? othersEnd : keyWithNextHop();
        int hash = AttributeCache.hash(others, keyEnd);
        PathAttributes known = cache.find(others, keyEnd, hash);
        if (known != null) {
            return known;
        }
        AttributeReader reader = new AttributeReader(others, internal, options.fourOctetAs());
        reader.read(othersEnd);
        reader.require(nextHop);
        if (reader.faults().isEmpty()) {
            PathAttributes attributes = reader.attributes(nextHop);
            cache.put(others, keyEnd, hash, attributes);
            return attributes;
        }
        reader.faults().stream().filter(fault -> !faults.contains(fault)).forEach(faults::add);
        return worst(reader.faults()) == null ? reader.attributes(nextHop) : null;
    }

    /** The next hop behind the attributes, and its length at the end, which makes the key unambiguous. */
    private int keyWithNextHop() {
        int value = value(reachHead) + 4;
        int length = bytes[value - 1] & 255;
        System.arraycopy(bytes, value, others, othersEnd, length);
        others[othersEnd + length] = (byte) length;
        return othersEnd + length + 1;
    }

    private int u16(int at) {
        return (bytes[at] & 255) << 8 | bytes[at + 1] & 255;
    }
}
