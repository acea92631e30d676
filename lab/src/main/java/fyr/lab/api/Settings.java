package fyr.lab.api;

import fyr.model.address.Prefix;
import java.util.List;

/**
 * The settings of a server.
 *
 * @param serviceRanges one per family that Services have; the first is the primary one
 * @param podRanges where Nodes get their pod prefixes from; empty gives them none
 * @param familyPolicy the {@code ipFamilyPolicy} of Services that do not say
 * @param history changes kept per kind for watchers that come back
 */
public record Settings(List<Prefix> serviceRanges, List<Prefix> podRanges, String familyPolicy, int history) {
    /** Both families everywhere; Services that do not say get both too, so that both are exercised. Kubernetes itself would give them one. */
    public static final Settings LAB =
            new Settings(ClusterRanges.SERVICES, ClusterRanges.PODS, "PreferDualStack", 10_000);

    public Settings {
        serviceRanges = List.copyOf(serviceRanges);
        podRanges = List.copyOf(podRanges);
    }
}
