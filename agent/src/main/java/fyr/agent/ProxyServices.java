package fyr.agent;

import fyr.agent.proxy.Ipvs;
import fyr.agent.proxy.LocalTraffic;
import fyr.agent.proxy.NodePortAddresses;
import fyr.agent.proxy.NodePortAddresses.Keyword;
import fyr.agent.proxy.ProxyConfiguration;
import fyr.agent.proxy.ProxyMode;
import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.feature.ServiceOptions.NodePorts;
import fyr.kernel.ipvs.Scheduler;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What the options and a configuration of kube-proxy decide about Services. */
final class ProxyServices {

    private static final List<Prefix> LOOPBACK = List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("::1/128"));

    private ProxyServices() {}

    static ServiceOptions of(AgentOptions options) {
        ServiceOptions configured =
                of(options.proxy().configuration()).in(options.network().serviceMode());
        return options.network().scheduler().map(configured::with).orElse(configured);
    }

    /** What the configuration decides alone. */
    static ServiceOptions of(Optional<ProxyConfiguration> configuration) {
        return configuration
                .map(proxy -> new ServiceOptions(nodePorts(proxy), proxy.masqueradeAll(), local(proxy.localTraffic()))
                        .with(scheduler(proxy))
                        .with(timeouts(proxy.ipvs())))
                .orElse(ServiceOptions.USUAL);
    }

    /** The reader has named a scheduler that the kernel is not asked for. */
    private static Scheduler scheduler(ProxyConfiguration proxy) {
        return Scheduler.of(proxy.ipvs().scheduler()).orElse(ServiceOptions.USUAL.scheduler());
    }

    private static ServiceOptions.Timeouts timeouts(Ipvs ipvs) {
        return new ServiceOptions.Timeouts(ipvs.tcp(), ipvs.tcpFin(), ipvs.udp());
    }

    /** If nothing is said, it depends on the mode, as in kube-proxy. */
    private static NodePorts nodePorts(ProxyConfiguration proxy) {
        NodePortAddresses addresses = proxy.nodePortAddresses();
        if (addresses.isUnset()) {
            return proxy.mode().equals(Optional.of(ProxyMode.NFTABLES))
                    ? new NodePorts.At(true, List.of())
                    : new NodePorts.Everywhere();
        }
        if (addresses.keywords().contains(Keyword.ALL)) {
            return new NodePorts.Everywhere();
        }
        List<Prefix> prefixes = new ArrayList<>(addresses.blocks());
        if (addresses.keywords().contains(Keyword.LOCALHOST)) {
            prefixes.addAll(LOOPBACK); // nothing is served there, and nowhere else in their families
        }
        return new NodePorts.At(addresses.keywords().contains(Keyword.PRIMARY), prefixes);
    }

    private static ServiceOptions.LocalTraffic local(LocalTraffic local) {
        return switch (local) {
            case LocalTraffic.FromClusterCidr(List<Prefix> prefixes) ->
                prefixes.isEmpty()
                        ? new ServiceOptions.LocalTraffic.NodeBlocks()
                        : new ServiceOptions.LocalTraffic.Prefixes(prefixes);
            case LocalTraffic.FromNodeCidr _ -> new ServiceOptions.LocalTraffic.NodeBlocks();
            case LocalTraffic.FromBridge(String link) -> new ServiceOptions.LocalTraffic.Link(link);
            case LocalTraffic.FromLinks(String prefix) -> new ServiceOptions.LocalTraffic.LinkPrefix(prefix);
        };
    }
}
