package fyr.model;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A pod, as far as the network is concerned.
 *
 * @param node the node it is bound to, empty before it is scheduled
 * @param addresses {@code status.podIPs}, empty before it has any
 * @param hostNetwork whether it shares its node's network namespace
 * @param finished whether its phase is Succeeded or Failed: its addresses may belong to another pod by now
 * @param ports its containers' ports, including named ones
 * @param uid which of the pods that had this name, as in {@link PodUid}
 */
public record Pod(
        NamespacedName name,
        Labels labels,
        Optional<String> node,
        List<IpAddress> addresses,
        boolean hostNetwork,
        boolean finished,
        List<ContainerPort> ports,
        long uid) {

    /** A pod whose UID is unknown. */
    public Pod(
            NamespacedName name,
            Labels labels,
            Optional<String> node,
            List<IpAddress> addresses,
            boolean hostNetwork,
            boolean finished,
            List<ContainerPort> ports) {
        this(name, labels, node, addresses, hostNetwork, finished, ports, PodUid.UNKNOWN);
    }

    public Pod {
        addresses = List.copyOf(addresses);
        ports = List.copyOf(ports);
    }

    /** A port that a container declares; {@code name} may be empty, {@code port} is 1 to 65535. */
    public record ContainerPort(String name, Protocol protocol, int port) {}

    /** Its first address of this family. */
    public Optional<IpAddress> address(Family family) {
        return addresses.stream().filter(address -> address.family() == family).findFirst();
    }

    /** Whether policies select it and its addresses lead to it: it has its own network, has addresses and has not finished. */
    public boolean networked() {
        return !hostNetwork && !finished && !addresses.isEmpty();
    }
}
