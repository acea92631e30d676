package fyr.compiler;

import fyr.compiler.conntrack.ConntrackPlan;
import fyr.compiler.dns.DnsAccess;
import fyr.compiler.dns.DnsCompiler;
import fyr.compiler.dns.DnsLimit;
import fyr.compiler.dns.DnsSilence;
import fyr.compiler.dns.DnsUntracked;
import fyr.compiler.feature.Constant;
import fyr.compiler.feature.FeatureId;
import fyr.compiler.feature.Features;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.guard.GuardPlan;
import fyr.compiler.hostport.HostPortRules;
import fyr.compiler.masquerade.MasqueradePlan;
import fyr.compiler.policy.PolicyFeature;
import fyr.compiler.routing.RoutingPlan;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.iptables.ServiceChains;
import fyr.compiler.service.ipvs.ServiceServers;
import fyr.compiler.service.nft.ServiceRules;
import fyr.compiler.service.unserved.UnservedAddresses;
import fyr.compiler.settings.ArpSettings;
import fyr.compiler.settings.IpvsTimeouts;
import fyr.compiler.settings.PodLinkSettings;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;

/** The features of a node. A further feature is one more identifier here. */
public final class NodeFeatures {

    /** The nftables tables that all rules are in, one for each family. */
    public static final FeatureId<Constant> NFT_TABLES = new FeatureId<>("nft tables", _ -> nftTables());

    /** Load balancing of services by nf_tables. */
    public static final FeatureId<ServiceRules> SERVICES =
            new FeatureId<>("services", node -> ServiceRules.empty(ServiceTable.empty(node)));

    /** Load balancing of services by iptables. */
    public static final FeatureId<ServiceChains> SERVICE_CHAINS =
            new FeatureId<>("service chains", node -> ServiceChains.empty(ServiceTable.empty(node)));

    /** Load balancing of services by IPVS. */
    public static final FeatureId<ServiceServers> SERVICE_SERVERS =
            new FeatureId<>("service servers", node -> ServiceServers.empty(ServiceTable.empty(node)));

    /** What becomes of connections to addresses of Services at which nothing is served. */
    public static final FeatureId<UnservedAddresses> UNSERVED =
            new FeatureId<>("unserved addresses", UnservedAddresses::empty);

    /** Ports of the node that lead to its pods. */
    public static final FeatureId<HostPortRules> HOST_PORTS = new FeatureId<>("host ports", HostPortRules::empty);

    /** Routes to pods, and tunnels. */
    public static final FeatureId<RoutingPlan> ROUTING = new FeatureId<>("routing", RoutingPlan::empty);

    /** Masquerade of pods' traffic to hosts outside the cluster. */
    public static final FeatureId<MasqueradePlan> MASQUERADE = new FeatureId<>("masquerade", MasqueradePlan::empty);

    /** Which sources packets may have. */
    public static final FeatureId<GuardPlan> GUARD = new FeatureId<>("guard", GuardPlan::empty);

    /** Network policies. */
    public static final FeatureId<PolicyFeature> POLICY = new FeatureId<>("policy", _ -> PolicyFeature.start());

    /** The names of cluster DNS. */
    public static final FeatureId<DnsCompiler> DNS = new FeatureId<>("dns", _ -> DnsCompiler.empty());

    /** Who may query cluster DNS, and how often. */
    public static final FeatureId<Constant> DNS_RULES = new FeatureId<>("dns rules", NodeFeatures::dnsRules);

    /** What the operator decided about connection tracking. */
    public static final FeatureId<Constant> CONNTRACK =
            new FeatureId<>("connection tracking", node -> new Constant(ConntrackPlan.of(node.conntrack())));

    /** Settings of pods' links. */
    public static final FeatureId<PodLinkSettings> POD_LINKS =
            new FeatureId<>("pod links", _ -> PodLinkSettings.empty());

    /** For which addresses the node answers ARP. */
    public static final FeatureId<Constant> ARP = new FeatureId<>("arp", node -> new Constant(ArpSettings.of(node)));

    /** When IPVS forgets connections. */
    public static final FeatureId<Constant> IPVS_TIMEOUTS =
            new FeatureId<>("ipvs timeouts", node -> new Constant(IpvsTimeouts.of(node)));

    private static final List<FeatureId<?>> WITHOUT_SERVICES = List.of(
            NFT_TABLES,
            UNSERVED,
            HOST_PORTS,
            ROUTING,
            MASQUERADE,
            GUARD,
            POLICY,
            DNS,
            DNS_RULES,
            CONNTRACK,
            POD_LINKS,
            ARP);

    private NodeFeatures() {}

    /** Those of a node. What belongs to another mode of Services is in no plan, so the reconciler removes what it left. */
    public static List<FeatureId<?>> of(NodeIdentity node) {
        List<FeatureId<?>> all = new ArrayList<>(WITHOUT_SERVICES);
        all.add(services(node.services().mode()));
        if (node.services().mode() == ServiceMode.IPVS) {
            all.add(IPVS_TIMEOUTS);
        }
        return List.copyOf(all);
    }

    private static FeatureId<?> services(ServiceMode mode) {
        return switch (mode) {
            case NFTABLES -> SERVICES;
            case IPTABLES -> SERVICE_CHAINS;
            case IPVS -> SERVICE_SERVERS;
        };
    }

    /** What services ask for and a plan does not do, by service. */
    static PersistentMap<NamespacedName, List<Complaint>> shortfalls(Features features, ServiceMode mode) {
        return switch (mode) {
            case NFTABLES -> features.get(SERVICES).shortfalls();
            case IPTABLES -> features.get(SERVICE_CHAINS).shortfalls();
            case IPVS -> features.get(SERVICE_SERVERS).shortfalls();
        };
    }

    private static Constant nftTables() {
        PersistentMap<NftKey, NftObject> nft = PersistentMap.empty();
        for (Family family : Family.values()) {
            nft = nft.with(new NftKey.TableKey(family), new NftObject.Table());
        }
        return new Constant(KernelPlan.empty().with(Tables.NFT, nft));
    }

    private static Constant dnsRules(NodeIdentity node) {
        PersistentMap<NftKey, NftObject> nft = PersistentMap.<NftKey, NftObject>empty()
                .withAll(DnsSilence.of(node.dnsAddresses()))
                .withAll(DnsAccess.of(node.dnsAddresses(), node.dnsClients()))
                .withAll(DnsLimit.of(node.dnsAddresses()))
                .withAll(DnsUntracked.of(node.dnsAddresses()));
        return new Constant(KernelPlan.empty().with(Tables.NFT, nft));
    }
}
