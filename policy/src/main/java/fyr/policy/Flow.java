package fyr.policy;

/**
 * The first packet of a connection as policies see it, addressed to where it really goes (after translation of Services).
 *
 * @param protocol number in the IP header; {@link fyr.model.Protocol#number}
 * @param port destination port; of no meaning for protocols without ports
 * @param throughService whether the packet was addressed to a Service. It makes a difference only between a pod and itself
 */
public record Flow(Endpoint source, Endpoint destination, int protocol, int port, boolean throughService) {
    public Flow {
        if (source.address().family() != destination.address().family()) {
            throw new IllegalArgumentException("no flow from " + source.address() + " to " + destination.address());
        }
    }

    /** A flow that is addressed to its destination directly. */
    public Flow(Endpoint source, Endpoint destination, int protocol, int port) {
        this(source, destination, protocol, port, false);
    }
}
