package fyr.agent;

import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How an agent is started.
 *
 * @param kubeconfig how to reach the API server; empty to use the credentials of a pod
 * @param apiServer {@code HOST:PORT} of the API server if a pod's credentials are used; empty for the address that every pod is given
 * @param clusterDns the addresses of cluster DNS; empty to take those of the Service kube-system/kube-dns
 * @param clusterCidrs prefixes that belong to the cluster in addition to the nodes' blocks of pods: traffic to them is not masqueraded
 * @param dnsClients who may query cluster DNS on this node, in addition to its pods and the node itself
 * @param upstreams resolvers for names outside the cluster; empty to take those of the node's {@code resolvConf}
 * @param health where /healthz, /readyz and /metrics are served
 */
public record AgentOptions(
        Optional<Path> kubeconfig,
        Optional<String> apiServer,
        String nodeName,
        List<IpAddress> clusterDns,
        String clusterDomain,
        List<Prefix> clusterCidrs,
        List<Prefix> dnsClients,
        Overlay overlay,
        List<InetSocketAddress> upstreams,
        Path resolvConf,
        Path cniBinDirectory,
        Path cniConfDirectory,
        Path stateDirectory,
        Path runDirectory,
        InetSocketAddress health) {

    public AgentOptions {
        clusterDns = List.copyOf(clusterDns);
        clusterCidrs = List.copyOf(clusterCidrs);
        dnsClients = List.copyOf(dnsClients);
        upstreams = List.copyOf(upstreams);
    }
}
