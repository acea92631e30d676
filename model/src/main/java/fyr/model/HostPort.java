package fyr.model;

import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A port of the node that leads to a port of one of its pods: {@code hostPort} of a container's port, {@code portMappings} of CNI.
 *
 * @param address {@code hostIP}, the only address of the node where the port leads to the pod. The unspecified address of a family stands
 *     for every address of the node in that family, and none for every address of both families
 * @param protocol of both ports
 * @param port the port of the node, from 1
 * @param podPort the port of the pod, from 1
 */
public record HostPort(Optional<IpAddress> address, Protocol protocol, int port, int podPort) {

    private static final int PORT_MAX = 65535;

    public HostPort {
        require(port, "host port");
        require(podPort, "pod port");
    }

    private static void require(int port, String what) {
        if (port < 1 || port > PORT_MAX) {
            throw new IllegalArgumentException(what + " " + port + " is not between 1 and " + PORT_MAX);
        }
    }

    /**
     * What only one pod can have: a port of the node in one family.
     *
     * @param address empty for every address of the node
     */
    public record Place(Family family, Optional<IpAddress> address, Protocol protocol, int port) {

        @Override
        public String toString() {
            return HostPort.text(address.or(() -> Optional.of(unspecified(family))), protocol, port);
        }
    }

    /** The places that it claims, one for each family that it concerns. */
    public List<Place> places() {
        return Stream.of(Family.values())
                .filter(this::concerns)
                .map(family -> new Place(family, address.filter(one -> !isUnspecified(one)), protocol, port))
                .toList();
    }

    /** Whether it leads to addresses of this family. */
    public boolean concerns(Family family) {
        return address.map(IpAddress::family).orElse(family) == family;
    }

    /** The same in one family only. */
    public HostPort in(Family family) {
        return new HostPort(address.or(() -> Optional.of(unspecified(family))), protocol, port, podPort);
    }

    private static boolean isUnspecified(IpAddress address) {
        return address.equals(unspecified(address.family()));
    }

    private static IpAddress unspecified(Family family) {
        return IpAddress.of(new byte[family.bytes()]);
    }

    /** The end at the node, for people: {@code 8080/TCP}, {@code 192.0.2.1:8080/TCP}, {@code [2001:db8::1]:8080/TCP}. */
    public String nodeEnd() {
        return text(address, protocol, port);
    }

    /** For people: {@code 8080/TCP -> 80}. */
    @Override
    public String toString() {
        return nodeEnd() + " -> " + podPort;
    }

    private static String text(Optional<IpAddress> address, Protocol protocol, int port) {
        return address.map(one -> one instanceof Ipv4Address ? one + ":" : "[" + one + "]:")
                        .orElse("")
                + port + "/" + protocol;
    }
}
