package fyr.compiler;

import fyr.compiler.dns.DnsAccess;
import fyr.compiler.dns.DnsCompiler;
import fyr.compiler.dns.DnsLimit;
import fyr.compiler.dns.DnsSilence;
import fyr.compiler.feature.Constant;
import fyr.compiler.feature.FeatureId;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.guard.GuardPlan;
import fyr.compiler.hostport.HostPortRules;
import fyr.compiler.masquerade.MasqueradePlan;
import fyr.compiler.policy.PolicyFeature;
import fyr.compiler.routing.RoutingPlan;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.nft.ServiceRules;
import fyr.compiler.settings.PodLinkSettings;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.List;

/** The features of a node. A further feature is one more identifier here. */
public final class NodeFeatures {

    /** The nftables tables that all rules are in, one for each family. */
    public static final FeatureId<Constant> NFT_TABLES = new FeatureId<>("nft tables", _ -> nftTables());

    /** Load balancing of services. */
    public static final FeatureId<ServiceRules> SERVICES =
            new FeatureId<>("services", node -> ServiceRules.empty(ServiceTable.empty(node)));

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

    /** Settings of pods' links. */
    public static final FeatureId<PodLinkSettings> POD_LINKS =
            new FeatureId<>("pod links", _ -> PodLinkSettings.empty());

    /** All of them. */
    public static final List<FeatureId<?>> ALL =
            List.of(NFT_TABLES, SERVICES, HOST_PORTS, ROUTING, MASQUERADE, GUARD, POLICY, DNS, DNS_RULES, POD_LINKS);

    private NodeFeatures() {}

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
                .withAll(DnsLimit.of(node.dnsAddresses()));
        return new Constant(KernelPlan.empty().with(Tables.NFT, nft));
    }
}
