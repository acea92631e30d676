package fyr.bgp.path;

import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a peer says about a path except its destination. Two sets that mean the same are equal: communities are ordered and each is
 * there once. The hash code is computed once, so that sets can be interned. Immutable; safe on any thread.
 */
public final class PathAttributes {

    /** Stands for a number that is absent: all that are present are not negative. */
    static final long ABSENT = -1;

    private final Origin origin;
    private final AsPath asPath;
    private final @Nullable NextHop nextHop;
    private final long multiExitDisc;
    private final long localPref;
    private final boolean atomicAggregate;
    private final @Nullable Aggregator aggregator;
    private final @Nullable Ipv4Address originatorId;
    private final List<Ipv4Address> clusterList;
    private final List<Community> communities;
    private final List<ExtendedCommunity> extendedCommunities;
    private final List<LargeCommunity> largeCommunities;
    private final long onlyToCustomer;
    private final List<UnknownAttribute> unknown;
    private final long partial;
    private final int hash;

    PathAttributes(AttributesBuilder from) {
        origin = from.origin;
        asPath = from.asPath;
        nextHop = from.nextHop;
        multiExitDisc = from.multiExitDisc;
        localPref = from.localPref;
        atomicAggregate = from.atomicAggregate;
        aggregator = from.aggregator;
        originatorId = from.originatorId;
        clusterList = List.copyOf(from.clusterList);
        communities = ordered(from.communities);
        extendedCommunities = ordered(from.extendedCommunities);
        largeCommunities = ordered(from.largeCommunities);
        onlyToCustomer = from.onlyToCustomer;
        unknown = from.unknown;
        partial = from.partial;
        hash = computeHash();
    }

    /** Ordered and without repetition: order has no meaning (RFC 1997), and repeated ones are to be removed (RFC 8092 section 3). */
    private static <T extends Comparable<T>> List<T> ordered(List<T> values) {
        for (int i = 1; i < values.size(); i++) {
            if (values.get(i - 1).compareTo(values.get(i)) >= 0) {
                return values.stream().sorted().distinct().toList();
            }
        }
        return List.copyOf(values);
    }

    /** A builder for a path of this origin. */
    public static AttributesBuilder of(Origin origin, AsPath asPath) {
        return new AttributesBuilder(origin, asPath);
    }

    /** A builder that starts with these attributes. */
    public AttributesBuilder change() {
        AttributesBuilder builder = new AttributesBuilder(origin, asPath);
        builder.nextHop = nextHop;
        builder.multiExitDisc = multiExitDisc;
        builder.localPref = localPref;
        builder.atomicAggregate = atomicAggregate;
        builder.aggregator = aggregator;
        builder.originatorId = originatorId;
        builder.clusterList = clusterList;
        builder.communities = communities;
        builder.extendedCommunities = extendedCommunities;
        builder.largeCommunities = largeCommunities;
        builder.onlyToCustomer = onlyToCustomer;
        builder.unknown = unknown;
        builder.partial = partial;
        return builder;
    }

    /** How the path came into BGP. */
    public Origin origin() {
        return origin;
    }

    /** The autonomous systems that the path has passed. */
    public AsPath asPath() {
        return asPath;
    }

    /** Where packets go; present in all that was received. */
    public Optional<NextHop> nextHop() {
        return Optional.ofNullable(nextHop);
    }

    /** MULTI_EXIT_DISC, 0 to 4294967295. */
    public OptionalLong multiExitDisc() {
        return optional(multiExitDisc);
    }

    /** LOCAL_PREF, 0 to 4294967295; never present in what an external peer announced. */
    public OptionalLong localPref() {
        return optional(localPref);
    }

    /** Whether more specific paths may be hidden behind this one (RFC 4271 section 5.1.6). */
    public boolean atomicAggregate() {
        return atomicAggregate;
    }

    /** Who formed the aggregate, if the path is one. */
    public Optional<Aggregator> aggregator() {
        return Optional.ofNullable(aggregator);
    }

    /** The router that brought a reflected path into the autonomous system (RFC 4456 section 8). */
    public Optional<Ipv4Address> originatorId() {
        return Optional.ofNullable(originatorId);
    }

    /** The clusters that a reflected path has passed, the nearest first (RFC 4456 section 8). */
    public List<Ipv4Address> clusterList() {
        return clusterList;
    }

    /** In ascending order. */
    public List<Community> communities() {
        return communities;
    }

    /** In ascending order. */
    public List<ExtendedCommunity> extendedCommunities() {
        return extendedCommunities;
    }

    /** In ascending order. */
    public List<LargeCommunity> largeCommunities() {
        return largeCommunities;
    }

    /** Whether one of the communities is this one. */
    public boolean has(Community community) {
        return communities.contains(community);
    }

    /** The autonomous system from which the path may only go to customers (RFC 9234 section 5). */
    public OptionalLong onlyToCustomer() {
        return optional(onlyToCustomer);
    }

    /** In ascending order of their codes. */
    public List<UnknownAttribute> unknown() {
        return unknown;
    }

    /** Whether somebody passed on this attribute, one of the known optional transitive ones, without knowing it (RFC 4271 section 4.3). */
    public boolean isPartial(int code) {
        return (partial >>> code & 1) != 0;
    }

    private static OptionalLong optional(long value) {
        return value == ABSENT ? OptionalLong.empty() : OptionalLong.of(value);
    }

    private int computeHash() {
        int result = 31 * origin.ordinal() + asPath.hashCode();
        result = 31 * result + (nextHop == null ? 0 : nextHop.hashCode());
        result = 31 * result + Long.hashCode(multiExitDisc);
        result = 31 * result + Long.hashCode(localPref);
        result = 31 * result + (atomicAggregate ? 1 : 0);
        result = 31 * result + (aggregator == null ? 0 : aggregator.hashCode());
        result = 31 * result + (originatorId == null ? 0 : originatorId.hashCode());
        result = 31 * result + clusterList.hashCode();
        result = 31 * result + communities.hashCode();
        result = 31 * result + extendedCommunities.hashCode();
        result = 31 * result + largeCommunities.hashCode();
        result = 31 * result + Long.hashCode(onlyToCustomer);
        return 31 * (31 * result + unknown.hashCode()) + Long.hashCode(partial);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof PathAttributes that
                        && hash == that.hash
                        && samePath(that)
                        && sameReflection(that)
                        && communities.equals(that.communities)
                        && extendedCommunities.equals(that.extendedCommunities)
                        && largeCommunities.equals(that.largeCommunities)
                        && onlyToCustomer == that.onlyToCustomer
                        && unknown.equals(that.unknown)
                        && partial == that.partial;
    }

    private boolean samePath(PathAttributes that) {
        return origin == that.origin
                && asPath.equals(that.asPath)
                && nextHop().equals(that.nextHop())
                && multiExitDisc == that.multiExitDisc
                && localPref == that.localPref
                && atomicAggregate == that.atomicAggregate
                && aggregator().equals(that.aggregator());
    }

    private boolean sameReflection(PathAttributes that) {
        return originatorId().equals(that.originatorId()) && clusterList.equals(that.clusterList);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(List.of("origin " + origin, "path [" + asPath + "]"));
        nextHop().ifPresent(value -> parts.add("via " + value));
        multiExitDisc().ifPresent(value -> parts.add("med " + value));
        localPref().ifPresent(value -> parts.add("localpref " + value));
        aggregator().ifPresent(value -> parts.add("aggregator " + value));
        originatorId().ifPresent(value -> parts.add("originator " + value));
        onlyToCustomer().ifPresent(value -> parts.add("otc " + value));
        if (atomicAggregate) {
            parts.add("atomic");
        }
        all(parts, "clusters", clusterList);
        all(parts, "communities", communities);
        all(parts, "extended", extendedCommunities);
        all(parts, "large", largeCommunities);
        all(parts, "unknown", unknown);
        return String.join(", ", parts);
    }

    private static void all(List<String> parts, String name, List<?> values) {
        if (!values.isEmpty()) {
            parts.add(name + " " + values);
        }
    }
}
