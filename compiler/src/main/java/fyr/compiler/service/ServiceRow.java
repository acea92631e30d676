package fyr.compiler.service;

import java.time.Duration;
import java.util.Optional;

/**
 * One frontend of a service and everything that a back end has to know about it. A back end takes a row apart with a record pattern, so
 * that it does not compile any more when a row says something new.
 *
 * @param fromHere what happens to connections that begin on this node: to those of its pods as it says; its own go the same way, and those to
 *     external frontends are always masqueraded ({@link #from})
 * @param fromElsewhere what happens to all others
 * @param affinity how long a client keeps its endpoint after its last connection; empty if every connection may go to another one
 */
public record ServiceRow(
        Frontend frontend, Delivery fromHere, Delivery fromElsewhere, Optional<Duration> affinity, Sources sources) {

    /** Where a connection begins. */
    public enum Origin {
        /** In a pod of this node. */
        POD,
        /** On this node itself. */
        NODE,
        /** Anywhere else. */
        ELSEWHERE
    }

    /**
     * What happens to a connection from there. The node's own source may be the address of a load balancer that it has itself, or one that
     * the endpoint cannot reach, so it is masqueraded wherever clients outside would not be (kube-proxy does the same).
     */
    public Delivery from(Origin origin) {
        return switch (origin) {
            case POD -> fromHere;
            case ELSEWHERE -> fromElsewhere;
            case NODE ->
                switch (fromHere) {
                    case Delivery.Forward(var backends, boolean masquerade) ->
                        new Delivery.Forward(backends, masquerade || !(frontend instanceof Frontend.ClusterIp));
                    case Delivery.Refuse _, Delivery.Drop _ -> fromHere;
                };
        };
    }
}
