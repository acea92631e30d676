package fyr.bgp.path;

import fyr.model.address.Ipv4Address;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Collects the attributes of a path. Numbers are 0 to 4294967295. For one thread; it may be built several times. */
public final class AttributesBuilder {

    Origin origin;
    AsPath asPath;

    @Nullable
    NextHop nextHop;

    long multiExitDisc = PathAttributes.ABSENT;
    long localPref = PathAttributes.ABSENT;
    boolean atomicAggregate;

    @Nullable
    Aggregator aggregator;

    @Nullable
    Ipv4Address originatorId;

    List<Ipv4Address> clusterList = List.of();
    List<Community> communities = List.of();
    List<ExtendedCommunity> extendedCommunities = List.of();
    List<LargeCommunity> largeCommunities = List.of();
    long onlyToCustomer = PathAttributes.ABSENT;
    List<UnknownAttribute> unknown = List.of();
    long partial;

    AttributesBuilder(Origin origin, AsPath asPath) {
        this.origin = origin;
        this.asPath = asPath;
    }

    /** The set of attributes as collected so far. */
    public PathAttributes build() {
        return new PathAttributes(this);
    }

    public AttributesBuilder origin(Origin value) {
        origin = value;
        return this;
    }

    public AttributesBuilder asPath(AsPath value) {
        asPath = value;
        return this;
    }

    public AttributesBuilder nextHop(NextHop value) {
        nextHop = value;
        return this;
    }

    /** Leaves out the next hop. */
    public AttributesBuilder withoutNextHop() {
        nextHop = null;
        return this;
    }

    public AttributesBuilder multiExitDisc(long value) {
        multiExitDisc = checked(value);
        return this;
    }

    /** Sets or leaves out MULTI_EXIT_DISC. */
    public AttributesBuilder multiExitDisc(OptionalLong value) {
        multiExitDisc = checked(value);
        return this;
    }

    public AttributesBuilder localPref(long value) {
        localPref = checked(value);
        return this;
    }

    /** Sets or leaves out LOCAL_PREF. */
    public AttributesBuilder localPref(OptionalLong value) {
        localPref = checked(value);
        return this;
    }

    public AttributesBuilder atomicAggregate(boolean value) {
        atomicAggregate = value;
        return this;
    }

    /** Sets or leaves out AGGREGATOR. */
    public AttributesBuilder aggregator(Optional<Aggregator> value) {
        aggregator = value.orElse(null);
        return this;
    }

    /** Sets or leaves out ORIGINATOR_ID. */
    public AttributesBuilder originatorId(Optional<Ipv4Address> value) {
        originatorId = value.orElse(null);
        return this;
    }

    public AttributesBuilder clusterList(List<Ipv4Address> value) {
        clusterList = value;
        return this;
    }

    public AttributesBuilder communities(List<Community> value) {
        communities = value;
        return this;
    }

    public AttributesBuilder extendedCommunities(List<ExtendedCommunity> value) {
        extendedCommunities = value;
        return this;
    }

    public AttributesBuilder largeCommunities(List<LargeCommunity> value) {
        largeCommunities = value;
        return this;
    }

    public AttributesBuilder onlyToCustomer(long value) {
        onlyToCustomer = checked(value);
        return this;
    }

    /** Sets or leaves out the attribute OTC. */
    public AttributesBuilder onlyToCustomer(OptionalLong value) {
        onlyToCustomer = checked(value);
        return this;
    }

    /** Sets the attributes that are not known, each code once. */
    public AttributesBuilder unknown(List<UnknownAttribute> value) {
        unknown = value.size() < 2
                ? List.copyOf(value)
                : value.stream()
                        .sorted(Comparator.comparingInt(UnknownAttribute::code))
                        .toList();
        return this;
    }

    /** Adds a community. */
    public AttributesBuilder add(Community community) {
        List<Community> more = new ArrayList<>(communities);
        more.add(community);
        communities = more;
        return this;
    }

    /** Marks a known optional transitive attribute, with a code below 64, as partial. */
    public AttributesBuilder partial(int code) {
        partial |= 1L << code;
        return this;
    }

    private static long checked(OptionalLong value) {
        return value.isPresent() ? checked(value.getAsLong()) : PathAttributes.ABSENT;
    }

    private static long checked(long value) {
        Numbers.check(value, 0xffffffffL, "attribute");
        return value;
    }
}
