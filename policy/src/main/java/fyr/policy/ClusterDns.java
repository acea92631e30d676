package fyr.policy;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The cluster's DNS as policies see it. Every node answers for it, so there is no pod; but policies that allow DNS name the pods that
 * other clusters have there. This pod stands for them: it has the labels, namespace and port names of CoreDNS's customary deployment.
 */
public final class ClusterDns {

    /** The pod that a policy means when it says {@code k8s-app: kube-dns} in {@code kube-system}. */
    public static final Pod POD = new Pod(
            new NamespacedName("kube-system", "cluster-dns"),
            Labels.of(Map.of("k8s-app", "kube-dns")),
            Optional.empty(),
            List.of(),
            false,
            false,
            List.of(
                    new Pod.ContainerPort("dns", Protocol.UDP, 53),
                    new Pod.ContainerPort("dns-tcp", Protocol.TCP, 53)));

    private ClusterDns() {}
}
