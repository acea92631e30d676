package fyr.apiserver.kinds;

import java.util.List;

/**
 * Where a kind has what its {@code scale} subresource says, as names of fields.
 *
 * @param selector empty when there is none; a label selector object or a string
 */
public record ScalePaths(List<String> replicas, List<String> current, List<String> selector) {
    /** As the workloads of Kubernetes have it. */
    public static final ScalePaths WORKLOAD = new ScalePaths(
            List.of("spec", "replicas"), List.of("status", "replicas"), List.of("spec", "selector", "matchLabels"));
}
