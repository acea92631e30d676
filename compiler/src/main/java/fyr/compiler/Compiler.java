package fyr.compiler;

import fyr.compiler.claim.Granted;
import fyr.compiler.dns.DnsAccess;
import fyr.compiler.dns.DnsCompiler;
import fyr.compiler.dns.DnsLimit;
import fyr.compiler.dns.DnsSilence;
import fyr.compiler.guard.GuardPlan;
import fyr.compiler.masquerade.MasqueradePlan;
import fyr.compiler.policy.PolicyCompiler;
import fyr.compiler.policy.PolicyPlan;
import fyr.compiler.routing.RoutingPlan;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.nft.ServiceRules;
import fyr.compiler.settings.PodLinkSettings;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;

/** Computes the desired state of a node. */
public final class Compiler {

    private Compiler() {}

    /**
     * The plan of a node: a function of the first three arguments alone. A previous plan of the same identity makes it cheaper, in
     * proportion to what changed since then, and shares structure with it; it never changes the result. Conflicting claims of two objects
     * are resolved before any feature sees them ({@link fyr.compiler.claim}); only DNS names are served for all objects.
     */
    public static NodePlan compile(
            ClusterSnapshot heard,
            NodeIdentity identity,
            PersistentMap<String, Attachment> handedIn,
            Optional<NodePlan> previous) {
        NodePlan before = previous.filter(plan -> plan.parts().identity().equals(identity))
                .orElseGet(() -> start(identity));
        Granted granted = before.parts().granted().next(heard, handedIn);
        ClusterSnapshot snapshot = granted.in(heard);
        PersistentMap<String, Attachment> attachments = granted.attachments();
        ServiceTable services = before.parts().services().next(snapshot);
        Parts parts = new Parts(
                identity,
                granted,
                services,
                before.parts().serviceRules().next(services),
                before.parts().routing().next(snapshot, attachments),
                before.parts().masquerade().next(snapshot, attachments),
                before.parts().guard().next(snapshot, attachments),
                Optional.of(PolicyCompiler.compile(
                        snapshot,
                        identity.name(),
                        attachments,
                        identity.dnsAddresses(),
                        before.parts().policy())),
                before.parts().dns().next(heard),
                before.parts().podLinkSettings().next(handedIn));
        PersistentMap<NftKey, NftObject> nft = before.kernel().table(Tables.NFT);
        nft = follow(
                nft,
                before.parts().serviceRules().objects(),
                parts.serviceRules().objects());
        nft = follow(
                nft, before.parts().masquerade().objects(), parts.masquerade().objects());
        nft = follow(nft, before.parts().guard().objects(), parts.guard().objects());
        nft = follow(nft, policy(before.parts()), policy(parts));
        return new NodePlan(kernel(parts, nft), parts.dns().view(), parts);
    }

    private static PersistentMap<NftKey, NftObject> policy(Parts parts) {
        return parts.policy().map(PolicyPlan::objects).orElse(PersistentMap.empty());
    }

    private static NodePlan start(NodeIdentity identity) {
        ServiceTable services = ServiceTable.empty(identity.name(), identity.dnsAddresses());
        Parts parts = new Parts(
                identity,
                Granted.nothing(identity),
                services,
                ServiceRules.empty(services),
                RoutingPlan.empty(identity),
                MasqueradePlan.empty(identity),
                GuardPlan.empty(identity),
                Optional.empty(),
                DnsCompiler.empty(),
                PodLinkSettings.empty());
        PersistentMap<NftKey, NftObject> nft = PersistentMap.empty();
        for (Family family : Family.values()) {
            nft = nft.with(new NftKey.TableKey(family), new NftObject.Table());
        }
        nft = nft.withAll(DnsSilence.of(identity.dnsAddresses()));
        nft = nft.withAll(DnsAccess.of(identity.dnsAddresses(), identity.dnsClients()));
        nft = nft.withAll(DnsLimit.of(identity.dnsAddresses()));
        nft = follow(nft, PersistentMap.empty(), parts.serviceRules().objects());
        nft = follow(nft, PersistentMap.empty(), parts.masquerade().objects());
        nft = follow(nft, PersistentMap.empty(), parts.guard().objects());
        return new NodePlan(kernel(parts, nft), parts.dns().view(), parts);
    }

    /** Applies the change of one feature to the whole plan. Features never share a key, so the order does not matter. */
    private static <K, V> PersistentMap<K, V> follow(
            PersistentMap<K, V> whole, PersistentMap<K, V> before, PersistentMap<K, V> after) {
        if (after.size() > whole.size()) {
            // If much is new, as at the start, the other direction takes fewer steps. The result depends on the
            // entries alone, not on the direction.
            return others(whole, before, after);
        }
        Change<K, V> change = new Change<>(whole);
        after.differences(before, change::visit);
        return change.map;
    }

    private static <K, V> PersistentMap<K, V> others(
            PersistentMap<K, V> whole, PersistentMap<K, V> before, PersistentMap<K, V> after) {
        Change<K, V> change = new Change<>(after);
        whole.forEach((key, value) -> {
            if (!before.containsKey(key)) {
                change.visit(key, null, value);
            }
        });
        return change.map;
    }

    private static KernelPlan kernel(Parts parts, PersistentMap<NftKey, NftObject> nft) {
        RoutingPlan routing = parts.routing();
        return KernelPlan.empty()
                .with(
                        Tables.SYSCTLS,
                        parts.podLinkSettings()
                                .sysctls()
                                .withAll(routing.sysctls().sorted())
                                .withAll(parts.serviceRules().sysctls()))
                .with(Tables.LINKS, routing.links())
                .with(Tables.ADDRESSES, routing.addresses())
                .with(Tables.NEIGHBOURS, routing.neighbours())
                .with(Tables.FDB, routing.fdb())
                .with(Tables.ROUTES, routing.routes())
                .with(Tables.NFT, nft);
    }
}
