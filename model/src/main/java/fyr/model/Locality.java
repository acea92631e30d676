package fyr.model;

import java.util.List;

/**
 * Where an endpoint runs, and for whose connections it is meant. The endpoints of one node nearly always have the same locality and share
 * one instance.
 *
 * @param node the name of its node; empty if unknown
 * @param zone the zone of its node; empty if unknown
 */
public record Locality(String node, String zone, Hints hints) {

    private static final Locality UNKNOWN = new Locality("", "", Hints.NONE);

    /** The locality of an endpoint that is meant for everyone. */
    public static Locality of(String node, String zone) {
        return node.isEmpty() && zone.isEmpty() ? UNKNOWN : new Locality(node, zone, Hints.NONE);
    }

    /** That of an endpoint of which nothing is said. */
    public static Locality unknown() {
        return UNKNOWN;
    }

    /**
     * The clients that an endpoint is meant for ({@code hints} of an EndpointSlice). An empty list says nothing.
     *
     * @param zones the names of zones
     * @param nodes the names of nodes
     */
    public record Hints(List<String> zones, List<String> nodes) {

        /** No hint. */
        public static final Hints NONE = new Hints(List.of(), List.of());

        public Hints {
            zones = List.copyOf(zones);
            nodes = List.copyOf(nodes);
        }
    }
}
