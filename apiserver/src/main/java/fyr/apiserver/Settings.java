package fyr.apiserver;

import fyr.model.address.Prefix;
import java.util.List;

/**
 * The settings of a server.
 *
 * @param serviceRanges one for each family that Services have; the first is the primary one
 * @param podRanges where the pod prefixes of Nodes are allocated from; empty gives them none
 * @param history the number of changes that are kept per kind for watchers that reconnect
 */
public record Settings(List<Prefix> serviceRanges, List<Prefix> podRanges, int history) {
    /** Both families; a Service gets the first unless it asks for both. */
    public static final Settings LAB = new Settings(ClusterRanges.SERVICES, ClusterRanges.PODS, 10_000);

    /** The same with IPv4 alone. */
    public static final Settings IPV4_LAB =
            new Settings(ClusterRanges.SERVICES.subList(0, 1), ClusterRanges.PODS.subList(0, 1), 10_000);

    public Settings {
        serviceRanges = List.copyOf(serviceRanges);
        podRanges = List.copyOf(podRanges);
    }
}
