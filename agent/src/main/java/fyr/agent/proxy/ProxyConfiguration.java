package fyr.agent.proxy;

import fyr.model.address.Prefix;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a KubeProxyConfiguration says that has a meaning on a node of Fyr, with kube-proxy's defaults.
 *
 * @param mode empty if it leaves the choice
 * @param clusterCidrs the pods' ranges; at most one of each family
 * @param masqueradeAll whether every connection to a Service's virtual address is masqueraded
 * @param servers the addresses of kube-proxy's own servers
 * @param oomScoreAdjust of the process, -1000 to 1000
 */
public record ProxyConfiguration(
        Optional<ProxyMode> mode,
        Optional<String> hostnameOverride,
        List<Prefix> clusterCidrs,
        LocalTraffic localTraffic,
        NodePortAddresses nodePortAddresses,
        boolean masqueradeAll,
        Conntrack conntrack,
        Ipvs ipvs,
        Servers servers,
        int oomScoreAdjust) {

    public ProxyConfiguration {
        clusterCidrs = List.copyOf(clusterCidrs);
    }

    /**
     * Where kube-proxy's health and metrics are served.
     *
     * @param hardFail whether the agent ends if an address is taken
     * @param patience how long a change may wait before the health is bad: twice the mode's syncPeriod
     */
    public record Servers(InetSocketAddress health, InetSocketAddress metrics, boolean hardFail, Duration patience) {}
}
