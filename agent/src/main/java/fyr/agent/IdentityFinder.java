package fyr.agent;

import fyr.compiler.conntrack.ConntrackOptions;
import fyr.compiler.feature.ArpAnswers;
import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.Links;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.SpecialAddresses;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the identity of this node from its Node object and its links. */
final class IdentityFinder {

    private static final NamespacedName KUBE_DNS = new NamespacedName("kube-system", "kube-dns");

    private final AgentOptions options;
    private final Links links;
    private final Supplier<NeededHosts> needed;
    private NeededHosts lastNeeded = NeededHosts.none();
    private Optional<Node> lastNode = Optional.empty();
    private Optional<HostLink> lastUplink = Optional.empty();

    /**
     * @param needed hosts that this node needs; called at the start, and when a link may have changed
     */
    IdentityFinder(AgentOptions options, Links links, Supplier<NeededHosts> needed) {
        this.options = options;
        this.links = links;
        this.needed = needed;
    }

    /** The identity of this node, or why it is not known. */
    sealed interface Identity {}

    /** It is known. */
    record Found(NodeIdentity identity) implements Identity {}

    /** It is not known; the text says what is missing and where. */
    record Missing(String why) implements Identity {}

    /** A link may have changed: read the links again. */
    void forget() {
        lastNode = Optional.empty();
    }

    Identity find(ClusterSnapshot snapshot) {
        Optional<Node> node = snapshot.nodes().get(options.nodeName());
        if (node.isEmpty()) {
            return new Missing("the cluster has no Node '" + options.nodeName() + "' (option --node-name)");
        }
        if (!node.equals(lastNode)) {
            lastUplink = uplink(node.get());
            lastNeeded = needed.get();
            lastNode = lastUplink.isPresent() ? node : Optional.empty();
        }
        if (lastUplink.isEmpty()) {
            return new Missing("no link of this machine has an InternalIP address of Node '" + options.nodeName()
                    + "': " + node.get().addresses());
        }
        if (node.get().podCidrs().isEmpty()) {
            return new Missing("Node '" + options.nodeName()
                    + "' has no spec.podCIDRs: does kube-controller-manager allocate them (--allocate-node-cidrs)?");
        }
        return new Found(new NodeIdentity(
                        options.nodeName(),
                        lastUplink.get(),
                        options.network().overlay(),
                        dnsAddresses(snapshot),
                        options.network().clusterCidrs())
                .withDnsClients(options.dns().clients())
                .withNeeded(lastNeeded.all())
                .withApiServer(lastNeeded.apiServer())
                .withServices(ProxyServices.of(options))
                .withArp(arp())
                .withConntrack(new ConntrackOptions(
                        options.network().connectionsPerPod(),
                        options.proxy()
                                .configuration()
                                .map(proxy -> ConntrackSize.timeouts(proxy.conntrack()))
                                .orElse(ConntrackOptions.Timeouts.AS_THEY_ARE))));
    }

    private ArpAnswers arp() {
        if (options.proxy()
                .configuration()
                .filter(proxy -> proxy.ipvs().strictArp())
                .isPresent()) {
            return ArpAnswers.STRICT;
        }
        return options.loadBalancer() ? ArpAnswers.STRICT_AT_UPLINK : ArpAnswers.AS_IT_IS;
    }

    private Optional<HostLink> uplink(Node node) {
        return node.addresses().stream()
                .flatMap(address -> links.withAddress(address).stream())
                .findFirst();
    }

    private List<IpAddress> dnsAddresses(ClusterSnapshot snapshot) {
        return options.dns().addresses().isEmpty()
                ? snapshot.services().get(KUBE_DNS).map(Service::clusterIps).orElse(List.of()).stream()
                        .filter(address -> SpecialAddresses.kind(address).isEmpty())
                        .toList()
                : options.dns().addresses();
    }
}
