package fyr.bench;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rules of nodes with and without the check of sources. */
final class SourceChecks {

    private static final Set<String> HOOKS = Set.of("guard-prerouting", "guard-input", "guard-output");
    private static final PersistentMap<String, Attachment> PODS = PersistentMap.of(Map.of(
            "client/eth0", pod("client", RoutedPair.CLIENT_POD, RoutedPair.CLIENT),
            "server/eth0", pod("server", RoutedPair.SERVER_POD, RoutedPair.SERVER)));

    private SourceChecks() {}

    private static Attachment pod(String name, String link, IpAddress address) {
        return new Attachment(
                name, "eth0", link, MacAddress.local(1), List.of(address), new NamespacedName("default", name));
    }

    /** Loads the rules of a node whose two pods are the ends of the pair; nothing else of its plan, for the pair has its routes. */
    static void load(RoutedPair pair, boolean checked) {
        PersistentMap<NftKey, NftObject> plan = Compiler.compile(
                        NodeInputs.of(BenchNode.IDENTITY)
                                .with(PolicyCluster.of(0, 0))
                                .withAttachments(PODS),
                        Optional.empty())
                .kernel()
                .table(Tables.NFT);
        pair.kernel().table(Tables.NFT).apply(Delta.between(PersistentMap.empty(), checked ? plan : unchecked(plan)));
    }

    /** The rules without the chains of the check that the kernel begins with. */
    static PersistentMap<NftKey, NftObject> unchecked(PersistentMap<NftKey, NftObject> plan) {
        return PersistentMap.of(
                plan.sorted(key -> !(key instanceof NftKey.ChainKey(var _, String chain)) || !HOOKS.contains(chain)));
    }
}
