package fyr.cluster.read;

import fyr.model.Labels;
import java.util.List;

/**
 * Labels that tell a proxy to ignore a Service or an EndpointSlice, whatever their values. DNS names are served all the same. This is how
 * kube-proxy selects what it watches (cmd/kube-proxy/app/server.go: both labels must not exist).
 */
final class ProxyLabels {

    private static final List<String> LABELS =
            List.of("service.kubernetes.io/service-proxy-name", "service.kubernetes.io/headless");

    private ProxyLabels() {}

    static boolean otherProxy(Labels labels) {
        return LABELS.stream().anyMatch(labels.values()::containsKey);
    }
}
