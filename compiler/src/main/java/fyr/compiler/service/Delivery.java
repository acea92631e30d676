package fyr.compiler.service;

import java.util.List;

/** What happens to new connections to a frontend. */
public sealed interface Delivery {

    /**
     * Each goes to one of these endpoints.
     *
     * @param backends at least one, each once, in ascending order
     * @param masquerade whether the endpoint sees an address of this node instead of the client's, so that its answers come back this way
     */
    record Forward(List<Backend> backends, boolean masquerade) implements Delivery {}

    /** Nobody could take them: the client is told at once. */
    record Refuse() implements Delivery {}

    /** Endpoints of other nodes could take them, but no endpoint of this node: the client may find its way to another node. */
    record Drop() implements Delivery {}
}
