package fyr.compiler.service.frontend;

import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.Sources;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** The elements of one service in {@link FrontendSets}. */
public final class FrontendElements {

    /** What is at the key of an element of a set. */
    public static final NftObject PRESENT = element(new NftData.None());

    private final BiConsumer<NftKey, NftObject> sink;

    private FrontendElements(BiConsumer<NftKey, NftObject> sink) {
        this.sink = sink;
    }

    /** Gives each of them to the sink. */
    public static void of(ServiceRows rows, BiConsumer<NftKey, NftObject> sink) {
        FrontendElements elements = new FrontendElements(sink);
        rows.addresses()
                .forEach(address -> sink.accept(
                        new NftKey.ElementKey(address.family(), FrontendSets.CLUSTER_IPS, FrontendKey.bytes(address)),
                        PRESENT));
        rows.rows().forEach(elements::add);
    }

    /** An element with this value. */
    public static NftObject element(NftData data) {
        return new NftObject.Element(Optional.empty(), data);
    }

    private void add(ServiceRow row) {
        FrontendKey key = FrontendKey.of(row.frontend());
        boolean masqueraded = row.fromElsewhere() instanceof Delivery.Forward(var _, boolean masquerade) && masquerade;
        switch (row.frontend()) {
            case Frontend.ClusterIp _ -> {} // rules tell by the address
            case Frontend.NodePort _ -> {
                add(key, FrontendSets.OWN_NODE_PORTS);
                if (masqueraded) {
                    add(key, FrontendSets.MASQUERADED_NODE_PORTS);
                }
            }
            case Frontend.ExternalIp _, Frontend.LoadBalancerIp _ -> {
                add(key, FrontendSets.EXTERNAL);
                if (masqueraded) {
                    add(key, FrontendSets.MASQUERADED);
                }
            }
        }
        switch (row.sources()) {
            case Sources.Everyone _ -> {}
            case Sources.Only(List<Prefix> prefixes) -> restrict(key, prefixes);
        }
    }

    private void restrict(FrontendKey key, List<Prefix> prefixes) {
        add(key, FrontendSets.RESTRICTED);
        prefixes.forEach(prefix -> sink.accept(
                new NftKey.ElementKey(
                        key.family(),
                        FrontendSets.ALLOWED_SOURCES,
                        Bytes.concatenate(key.bytes(), FrontendKey.bytes(prefix.address()))),
                new NftObject.Element(
                        Optional.of(Bytes.concatenate(key.bytes(), FrontendKey.bytes(prefix.last()))),
                        new NftData.None())));
    }

    private void add(FrontendKey key, String set) {
        sink.accept(new NftKey.ElementKey(key.family(), set, key.bytes()), PRESENT);
    }
}
