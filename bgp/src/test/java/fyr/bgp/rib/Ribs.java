package fyr.bgp.rib;

import fyr.bgp.filter.Filter;
import fyr.bgp.message.Role;
import fyr.bgp.path.AsPath;
import fyr.bgp.path.AttributesBuilder;
import fyr.bgp.path.NextHop;
import fyr.bgp.path.Origin;
import fyr.bgp.path.PathAttributes;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The node 10.0.0.1 in system 64512, and what it hears from others. */
final class Ribs {

    static final Ipv4Address NODE = Ipv4Address.parse("10.0.0.1");
    static final Local LOCAL = new Local(64512, NODE, NODE, Set.of(NODE));
    static final NextHop SELF = NextHop.of((IpAddress) NODE);
    static final Source OWN = source(0, Source.Kind.LOCAL, 64512);

    private Ribs() {}

    /** The source of a number has the router identifier and the address 10.0.1.NUMBER. */
    static Source source(int number, Source.Kind kind, long as) {
        Ipv4Address address = Ipv4Address.parse("10.0.1." + number);
        return new Source(number, kind, as, address, address);
    }

    static Neighbor neighbor(Source source, Optional<Role> role) {
        return new Neighbor(
                source, role, Filter.ACCEPT, Filter.ACCEPT, Map.of(Family.IPV4, SELF), false, Set.of(), false);
    }

    static Neighbor external(long as, Role role) {
        return neighbor(source(9, Source.Kind.EXTERNAL, as), Optional.of(role));
    }

    static Neighbor external(long as) {
        return neighbor(source(9, Source.Kind.EXTERNAL, as), Optional.empty());
    }

    static Neighbor internal(Source.Kind kind) {
        return neighbor(source(9, kind, 64512), Optional.empty());
    }

    /** What is heard from 10.0.1.7 about a path through these systems. */
    static AttributesBuilder through(long... systems) {
        return PathAttributes.of(Origin.IGP, AsPath.of(systems)).nextHop(NextHop.of(IpAddress.parse("10.0.1.7")));
    }

    static Path path(Source source, AttributesBuilder attributes) {
        PathAttributes built = attributes.build();
        return new Path(source, 0, 1, built, built);
    }
}
