package fyr.model;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a Service says about its connections beyond its virtual addresses and ports. Nearly all Services have the {@link #USUAL} one.
 *
 * @param internal which endpoints take connections to its virtual addresses
 * @param external which endpoints take connections to its node ports, external addresses and load balancer addresses
 * @param affinity how long a client keeps its endpoint after its last connection; empty if every connection may go to another one
 * @param externalIps addresses that others route to the nodes
 * @param loadBalancerIps addresses of a load balancer that leaves the packets' destination as it is
 * @param sourceRanges who may connect to the load balancer addresses; empty if everyone may
 * @param healthCheckNodePort where each node tells load balancers whether it has ready endpoints; 0 if nowhere
 * @param scheduler how IPVS chooses endpoints, in the kernel's words; empty if as it does for other Services
 */
public record ServiceTraffic(
        Policy internal,
        Policy external,
        Optional<Duration> affinity,
        List<IpAddress> externalIps,
        List<IpAddress> loadBalancerIps,
        List<Prefix> sourceRanges,
        int healthCheckNodePort,
        Optional<String> scheduler) {

    /** That of a Service without a health check node port. */
    public ServiceTraffic(
            Policy internal,
            Policy external,
            Optional<Duration> affinity,
            List<IpAddress> externalIps,
            List<IpAddress> loadBalancerIps,
            List<Prefix> sourceRanges) {
        this(internal, external, affinity, externalIps, loadBalancerIps, sourceRanges, 0, Optional.empty());
    }

    /** That of a Service that says nothing about it. */
    public static final ServiceTraffic USUAL =
            new ServiceTraffic(Policy.CLUSTER, Policy.CLUSTER, Optional.empty(), List.of(), List.of(), List.of());

    public ServiceTraffic {
        externalIps = List.copyOf(externalIps);
        loadBalancerIps = List.copyOf(loadBalancerIps);
        sourceRanges = List.copyOf(sourceRanges);
    }

    /** The same without these external and load balancer addresses. */
    public ServiceTraffic without(Set<IpAddress> addresses) {
        return new ServiceTraffic(
                internal,
                external,
                affinity,
                externalIps.stream()
                        .filter(address -> !addresses.contains(address))
                        .toList(),
                loadBalancerIps.stream()
                        .filter(address -> !addresses.contains(address))
                        .toList(),
                sourceRanges,
                healthCheckNodePort,
                scheduler);
    }

    /** The same with another health check node port. */
    public ServiceTraffic withHealthCheckNodePort(int port) {
        return port == healthCheckNodePort
                ? this
                : new ServiceTraffic(
                        internal, external, affinity, externalIps, loadBalancerIps, sourceRanges, port, scheduler);
    }

    /** The same with another scheduler. */
    public ServiceTraffic withScheduler(Optional<String> other) {
        return new ServiceTraffic(
                internal, external, affinity, externalIps, loadBalancerIps, sourceRanges, healthCheckNodePort, other);
    }

    /** Which endpoints take connections. */
    public enum Policy {
        /** Those of all nodes. */
        CLUSTER,
        /** Only those of the node that the connection came to. */
        LOCAL
    }
}
