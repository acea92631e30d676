package fyr.model;

import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * A Service, as far as the network is concerned.
 *
 * @param created when the object was created, in seconds since 1970; 0 if unknown. If two objects claim one thing, the older one gets it.
 * @param clusterIps its virtual addresses; empty when headless or ExternalName
 * @param externalName the target of an ExternalName service
 * @param otherProxy whether its labels say that another proxy serves its virtual addresses; DNS serves its name all the same
 * @param publishNotReadyAddresses whether DNS and proxies treat endpoints as ready whatever their condition
 * @param traffic what it says about its connections
 */
public record Service(
        NamespacedName name,
        long created,
        Type type,
        List<IpAddress> clusterIps,
        Optional<String> externalName,
        boolean publishNotReadyAddresses,
        boolean otherProxy,
        List<Port> ports,
        ServiceTraffic traffic) {

    public Service {
        clusterIps = List.copyOf(clusterIps);
        ports = List.copyOf(ports);
    }

    /** A service with the usual traffic. */
    public Service(
            NamespacedName name,
            long created,
            Type type,
            List<IpAddress> clusterIps,
            Optional<String> externalName,
            boolean publishNotReadyAddresses,
            boolean otherProxy,
            List<Port> ports) {
        this(
                name,
                created,
                type,
                clusterIps,
                externalName,
                publishNotReadyAddresses,
                otherProxy,
                ports,
                ServiceTraffic.USUAL);
    }

    /** A service of unknown age that Fyr serves. */
    public Service(
            NamespacedName name,
            Type type,
            List<IpAddress> clusterIps,
            Optional<String> externalName,
            boolean publishNotReadyAddresses,
            List<Port> ports) {
        this(name, 0, type, clusterIps, externalName, publishNotReadyAddresses, false, ports);
    }

    /** {@code spec.type}. */
    public enum Type {
        CLUSTER_IP,
        NODE_PORT,
        LOAD_BALANCER,
        EXTERNAL_NAME
    }

    /**
     * A port of a service.
     *
     * @param name may be empty if it is the only one
     * @param port 1 to 65535
     * @param nodePort 0 if it has none
     */
    public record Port(String name, Protocol protocol, int port, int nodePort) {}

    /** Whether it has no virtual address, and DNS answers with its endpoints. */
    public boolean headless() {
        return type == Type.CLUSTER_IP && clusterIps.isEmpty();
    }
}
