package fyr.compiler.masquerade;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.routing.Overlay;
import fyr.compiler.service.frontend.TranslatedConnections;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Masquerade;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Meta;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.address.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The constant chain of one family at the source translation hook. The kernel asks it about the first packet of a connection only. */
final class MasqueradeRuleset {

    static final String HAIRPIN = "hairpin";
    static final String POD_BLOCKS = "pod-blocks";
    static final String CLUSTER_BLOCKS = "cluster-blocks";

    /** NF_IP_PRI_NAT_SRC of include/uapi/linux/netfilter_ipv4.h. */
    private static final int SRCNAT = 100;

    /**
     * The kernel calls chains of type nat, those of iptables and of nf_tables alike, in the order of their priority, until one has
     * translated the connection (nf_nat_inet_fn in net/netfilter/nf_nat_core.c). Those of iptables have {@link #SRCNAT}. They come first,
     * because they also remove the mark of connections that they masquerade: otherwise a tunnel's packet would still have it.
     */
    private static final int AFTER_IPTABLES = SRCNAT + 1;

    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h

    private final PacketFields fields;
    private final ServiceOptions options;

    private MasqueradeRuleset(Family family, ServiceOptions options) {
        fields = new PacketFields(family);
        this.options = options;
    }

    static Map<NftKey, NftObject> of(Family family, ServiceOptions options) {
        return new MasqueradeRuleset(family, options).objects();
    }

    private Map<NftKey, NftObject> objects() {
        Family family = fields.family();
        NftField address = fields.address();
        NftHook hook = new NftHook(NftHook.Type.NAT, NftHook.Point.POSTROUTING, priority(), false);
        Map<NftKey, NftObject> objects = new TreeMap<>();
        objects.put(set(HAIRPIN), new NftObject.Set(List.of(address, address), List.of(), false, false));
        objects.put(set(POD_BLOCKS), new NftObject.Set(List.of(address), List.of(), false, true));
        objects.put(set(CLUSTER_BLOCKS), new NftObject.Set(List.of(address), List.of(), false, true));
        objects.put(new NftKey.ChainKey(family, "masquerading"), new NftObject.Chain(Optional.of(hook), rules()));
        return objects;
    }

    private int priority() {
        return switch (options.mode()) {
            case NFTABLES, IPVS -> SRCNAT;
            case IPTABLES -> AFTER_IPTABLES;
        };
    }

    private List<NftRule> ofServices() {
        return switch (options.mode()) {
            case NFTABLES, IPVS -> TranslatedConnections.masquerade(fields, options);
            case IPTABLES -> List.of(); // KUBE-POSTROUTING does it
        };
    }

    private List<NftRule> rules() {
        List<NftRule> rules = new ArrayList<>(TranslatedConnections.ways(options.mode()).stream()
                .map(this::hairpin)
                .toList());
        rules.addAll(ofServices());
        rules.addAll(List.of(leaving(), tunnelled()));
        return rules;
    }

    private NftKey set(String name) {
        return new NftKey.SetKey(fields.family(), name);
    }

    /** Otherwise the pod would answer itself directly, past the translation. */
    private NftRule hairpin(List<NftExpression> translated) {
        return rule(
                "a pod that reaches itself through a service or a host port",
                translated,
                List.of(
                        fields.source(0),
                        fields.destination(fields.words()),
                        new Member(HAIRPIN, 0, false),
                        new Masquerade(true)));
    }

    private NftRule leaving() {
        return rule(
                "from a pod of this node to outside the cluster",
                List.of(
                        fields.source(0),
                        new Member(POD_BLOCKS, 0, false),
                        fields.destination(0),
                        new Member(CLUSTER_BLOCKS, 0, true),
                        new Masquerade(true)));
    }

    /**
     * The node's own connection to a virtual address has chosen its source before the destination was translated, for the way to the
     * virtual address. Where the endpoint is behind the tunnel, its answer must come back through the tunnel.
     */
    private NftRule tunnelled() {
        Bytes name = Bytes.of(Arrays.copyOf(Overlay.LINK.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ));
        return rule(
                "the node's own connections through a service and the tunnel",
                List.of(
                        new Meta(MetaKey.OIFNAME, 0),
                        new Compare(0, Operator.EQUAL, name),
                        fields.source(0),
                        new Member(POD_BLOCKS, 0, true),
                        new Masquerade(true)));
    }

    @SafeVarargs
    private static NftRule rule(String comment, List<? extends NftExpression>... parts) {
        List<NftExpression> expressions = new ArrayList<>();
        for (List<? extends NftExpression> part : parts) {
            expressions.addAll(part);
        }
        return new NftRule(comment, expressions);
    }
}
