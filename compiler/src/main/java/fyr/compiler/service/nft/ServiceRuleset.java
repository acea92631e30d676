package fyr.compiler.service.nft;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.nft.Refusal;
import fyr.compiler.service.frontend.FrontendRules;
import fyr.compiler.service.frontend.FrontendSets;
import fyr.compiler.service.frontend.Origins;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.DestinationNat;
import fyr.kernel.nft.NftExpression.MapLookup;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Random;
import fyr.kernel.nft.NftExpression.VerdictLookup;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The chains of one family, which are the same for any services. A new connection to a frontend takes two hash lookups: {@code services}
 * leads to the chain that draws one of the service's slots, {@code backends} gives the endpoint in that slot. Connections to node ports are
 * handled in the same way through maps without address. Connections that begin on this node are looked up in maps of their own first, which
 * contain only services that lead them elsewhere than others. Packets of established connections never come here, because the kernel calls
 * nat chains only for first packets.
 */
final class ServiceRuleset {

    private static final String NODE_PORTS_ROUTED = "services-node-ports-routed";
    private static final String NODE_PORTS_OWN = "services-node-ports-own";
    private static final int DSTNAT = -100;

    /** After translation, before policy. */
    private static final int REJECT = -10;

    /** The register that lookups write to, beyond the longest key: an IPv6 address, protocol, port and slot. */
    private static final int RESULT = 8;

    private final ServiceOptions options;
    private final PacketFields fields;
    private final AffinityRules affinity;
    private final FrontendRules frontends;

    private ServiceRuleset(Family family, ServiceOptions options) {
        this.options = options;
        fields = new PacketFields(family);
        affinity = new AffinityRules(fields, options.local());
        frontends = new FrontendRules(fields, options);
    }

    static Map<NftKey, NftObject> of(Family family, ServiceOptions options) {
        Map<NftKey, NftObject> objects = ServiceSets.of(family);
        new ServiceRuleset(family, options)
                .chains()
                .forEach((name, chain) -> objects.put(new NftKey.ChainKey(family, name), chain));
        return objects;
    }

    private Map<String, NftObject> chains() {
        Map<String, NftObject> chains = new TreeMap<>(affinity.hooks());
        chains.put("services-prerouting", base(NftHook.Type.NAT, NftHook.Point.PREROUTING, DSTNAT, routed()));
        chains.put("services-output", base(NftHook.Type.NAT, NftHook.Point.OUTPUT, DSTNAT, own()));
        chains.put(FrontendRules.RANGES, frontends.ranges());
        chains.put(
                NODE_PORTS_ROUTED,
                FrontendRules.chain(List.of(fromPods(ServiceMaps.NODE_PORT_HERE), to(ServiceMaps.NODE_PORT))));
        chains.put(
                NODE_PORTS_OWN,
                FrontendRules.chain(List.of(to(ServiceMaps.NODE_PORT_HERE), to(ServiceMaps.NODE_PORT))));
        for (ServiceMaps maps : ServiceMaps.values()) {
            chains.put(lookups(maps), FrontendRules.chain(List.of(affinity.lead(maps), byFrontend(maps))));
            ServiceTier.all()
                    .forEach(tier -> chains.put(maps.pick(tier).chain(), FrontendRules.chain(pick(maps, tier))));
        }
        chains.put(FrontendRules.REFUSE, FrontendRules.chain(Refusal.rules()));
        chains.put("services-forward-reject", base(NftHook.Type.FILTER, NftHook.Point.FORWARD, REJECT, rejects()));
        chains.put("services-input-reject", base(NftHook.Type.FILTER, NftHook.Point.INPUT, REJECT, arrived()));
        List<NftRule> output = new ArrayList<>(List.of(reject()));
        output.addAll(rejectsAtNode());
        chains.put("services-output-reject", base(NftHook.Type.FILTER, NftHook.Point.OUTPUT, REJECT, output));
        return chains;
    }

    private static NftObject base(NftHook.Type type, NftHook.Point point, int priority, List<NftRule> rules) {
        return new NftObject.Chain(Optional.of(new NftHook(type, point, priority, false)), rules);
    }

    /** The chain of the lookups in these maps. */
    private static String lookups(ServiceMaps maps) {
        return "lookup-" + maps.chains();
    }

    private List<NftRule> routed() {
        return List.of(
                frontends.restricted(),
                fromPods(ServiceMaps.ADDRESS_HERE),
                to(ServiceMaps.ADDRESS),
                frontends.atNode(NODE_PORTS_ROUTED));
    }

    private List<NftRule> own() {
        return List.of(
                frontends.restricted(),
                to(ServiceMaps.ADDRESS_HERE),
                to(ServiceMaps.ADDRESS),
                frontends.atNode(NODE_PORTS_OWN));
    }

    private static NftRule to(ServiceMaps maps) {
        return new NftRule("to " + maps.chains(), List.of(FrontendRules.jump(lookups(maps))));
    }

    private NftRule fromPods(ServiceMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(Origins.ofPods(fields, options.local()));
        expressions.add(FrontendRules.jump(lookups(maps)));
        return new NftRule("from a pod to " + maps.chains(), expressions);
    }

    private List<NftExpression> key(ServiceMaps maps) {
        return maps.isNodePort() ? FrontendRules.nodePortKey() : frontends.frontendKey();
    }

    private NftRule byFrontend(ServiceMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(key(maps));
        expressions.add(new VerdictLookup(maps.chains(), 0));
        return new NftRule("by frontend", expressions);
    }

    private List<NftRule> pick(ServiceMaps maps, int tier) {
        List<NftRule> rules = new ArrayList<>();
        boolean exact = tier <= ServiceTier.EXACT;
        for (int draw = 0; draw < (exact ? 1 : ServiceTier.DRAWS); draw++) {
            rules.add(draw(maps, tier));
        }
        if (!exact) {
            rules.add(draw(maps, ServiceTier.below(tier)));
        }
        return rules;
    }

    private NftRule draw(ServiceMaps maps, int slots) {
        List<NftExpression> key = key(maps);
        int words = maps.isNodePort() ? 2 : fields.words() + 2;
        List<NftExpression> expressions = new ArrayList<>(key);
        expressions.add(new Random(slots, words));
        expressions.add(new MapLookup(maps.backends(), 0, RESULT));
        expressions.add(new DestinationNat(RESULT, OptionalInt.of(RESULT + fields.words())));
        return new NftRule("the endpoint in one of " + slots + " slots", expressions);
    }

    private List<NftRule> rejects() {
        return List.of(reject(), frontends.rejectExternal());
    }

    /** No packet for a virtual address is for this node, unless the node was or will be one that balances by IPVS. */
    private List<NftRule> arrived() {
        List<NftRule> rules = new ArrayList<>(List.of(frontends.rejectVirtual()));
        rules.addAll(rejectsAtNode());
        return rules;
    }

    private List<NftRule> rejectsAtNode() {
        return List.of(frontends.rejectExternal(), frontends.rejectNodePort());
    }

    /**
     * A packet that still has a virtual address after translation is for a service without endpoints, or for a port that the service does
     * not have.
     */
    private NftRule reject() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new Member(FrontendSets.CLUSTER_IPS, 0, false));
        return FrontendRules.refuse("service without endpoint, or not a port of it", expressions);
    }
}
