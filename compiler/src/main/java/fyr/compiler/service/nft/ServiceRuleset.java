package fyr.compiler.service.nft;

import fyr.compiler.feature.ServiceOptions;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.nft.Refusal;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.DestinationNat;
import fyr.kernel.nft.NftExpression.FibDestinationType;
import fyr.kernel.nft.NftExpression.MapLookup;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.Random;
import fyr.kernel.nft.NftExpression.VerdictLookup;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
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
    private static final String RANGES = "services-ranges";
    private static final String REFUSE = "services-refuse";
    private static final int RTN_LOCAL = 2; // include/uapi/linux/rtnetlink.h
    private static final int DSTNAT = -100;

    /** After translation, before policy. */
    private static final int REJECT = -10;

    /** The register that lookups write to, beyond the longest key: an IPv6 address, protocol, port and slot. */
    private static final int RESULT = 8;

    private final ServiceOptions options;
    private final PacketFields fields;
    private final AffinityRules affinity;
    private final int proto;
    private final int port;

    private ServiceRuleset(Family family, ServiceOptions options) {
        this.options = options;
        fields = new PacketFields(family);
        affinity = new AffinityRules(fields, options.local());
        proto = fields.words();
        port = proto + 1;
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
        chains.put(RANGES, chain(List.of(notAllowed())));
        chains.put(NODE_PORTS_ROUTED, chain(List.of(fromPods(ServiceMaps.NODE_PORT_HERE), to(ServiceMaps.NODE_PORT))));
        chains.put(NODE_PORTS_OWN, chain(List.of(to(ServiceMaps.NODE_PORT_HERE), to(ServiceMaps.NODE_PORT))));
        for (ServiceMaps maps : ServiceMaps.values()) {
            chains.put(lookups(maps), chain(List.of(affinity.lead(maps), byFrontend(maps))));
            ServiceTier.all().forEach(tier -> chains.put(maps.pick(tier).chain(), chain(pick(maps, tier))));
        }
        chains.put(REFUSE, chain(Refusal.rules()));
        chains.put("services-forward-reject", base(NftHook.Type.FILTER, NftHook.Point.FORWARD, REJECT, rejects()));
        chains.put("services-input-reject", base(NftHook.Type.FILTER, NftHook.Point.INPUT, REJECT, rejectsAtNode()));
        List<NftRule> output = new ArrayList<>(List.of(reject()));
        output.addAll(rejectsAtNode());
        chains.put("services-output-reject", base(NftHook.Type.FILTER, NftHook.Point.OUTPUT, REJECT, output));
        return chains;
    }

    private static NftObject chain(List<NftRule> rules) {
        return new NftObject.Chain(Optional.empty(), rules);
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
                restricted(), fromPods(ServiceMaps.ADDRESS_HERE), to(ServiceMaps.ADDRESS), atNode(NODE_PORTS_ROUTED));
    }

    private List<NftRule> own() {
        return List.of(restricted(), to(ServiceMaps.ADDRESS_HERE), to(ServiceMaps.ADDRESS), atNode(NODE_PORTS_OWN));
    }

    private static NftRule to(ServiceMaps maps) {
        return new NftRule("to " + maps.chains(), List.of(jump(lookups(maps))));
    }

    private NftRule fromPods(ServiceMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(Origins.ofPods(fields, options.local()));
        expressions.add(jump(lookups(maps)));
        return new NftRule("from a pod to " + maps.chains(), expressions);
    }

    private NftRule atNode(String chain) {
        List<NftExpression> expressions = toNodePorts();
        expressions.add(jump(chain));
        return new NftRule("node ports", expressions);
    }

    private static NftExpression jump(String chain) {
        return new NftExpression.Verdict(new NftVerdict.Jump(chain));
    }

    private List<NftExpression> frontendKey() {
        return List.of(fields.destination(0), PacketFields.protocol(proto), PacketFields.destinationPort(port));
    }

    private static List<NftExpression> nodePortKey() {
        return List.of(PacketFields.protocol(0), PacketFields.destinationPort(1));
    }

    private List<NftExpression> key(ServiceMaps maps) {
        return maps.isNodePort() ? nodePortKey() : frontendKey();
    }

    private NftRule restricted() {
        List<NftExpression> expressions = new ArrayList<>(frontendKey());
        expressions.add(new Member(ServiceSets.RESTRICTED, 0, false));
        expressions.add(jump(RANGES));
        return new NftRule("load balancers that not everyone may use", expressions);
    }

    private NftRule notAllowed() {
        List<NftExpression> expressions = new ArrayList<>(frontendKey());
        expressions.add(fields.source(port + 1));
        expressions.add(new Member(ServiceSets.ALLOWED_SOURCES, 0, true));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Drop()));
        return new NftRule("not in the service's source ranges", expressions);
    }

    private NftRule byFrontend(ServiceMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(key(maps));
        expressions.add(new VerdictLookup(maps.chains(), 0));
        return new NftRule("by frontend", expressions);
    }

    /** Continues for packets to addresses that have node ports. */
    private List<NftExpression> toNodePorts() {
        List<NftExpression> expressions = new ArrayList<>();
        expressions.add(new FibDestinationType(0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.host32(RTN_LOCAL)));
        expressions.addAll(fields.destinationIsNotLoopback(0));
        if (!(options.nodePorts() instanceof ServiceOptions.NodePorts.Everywhere)) {
            expressions.add(fields.destination(0));
            expressions.add(new Member(ServiceSets.NODE_PORT_ADDRESSES, 0, false));
        }
        return expressions;
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
        int words = maps.isNodePort() ? 2 : port + 1;
        List<NftExpression> expressions = new ArrayList<>(key);
        expressions.add(new Random(slots, words));
        expressions.add(new MapLookup(maps.backends(), 0, RESULT));
        expressions.add(new DestinationNat(RESULT, OptionalInt.of(RESULT + fields.words())));
        return new NftRule("the endpoint in one of " + slots + " slots", expressions);
    }

    private List<NftRule> rejects() {
        return List.of(reject(), rejectExternal());
    }

    private List<NftRule> rejectsAtNode() {
        return List.of(rejectExternal(), rejectNodePort());
    }

    /**
     * A packet that still has a virtual address after translation is for a service without endpoints, or for a port that the service does
     * not have.
     */
    private NftRule reject() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new Member(ServiceSets.CLUSTER_IPS, 0, false));
        return refuse("service without endpoint, or not a port of it", expressions);
    }

    /** Only one port of the address is the service's. A translated packet may be for a port of the same number elsewhere. */
    private NftRule rejectExternal() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.addAll(PacketFields.untranslated(0));
        expressions.addAll(frontendKey());
        expressions.add(new Member(ServiceSets.EXTERNAL, 0, false));
        return refuse("external address of a service without endpoint", expressions);
    }

    /**
     * A node port belongs to its service even while the service has no endpoint (as in kube-proxy): no connection reaches another listener
     * on that port, and no UDP flow is tracked that would remain untranslated once there is an endpoint. A translated packet may be for a
     * port of the same number elsewhere.
     */
    private NftRule rejectNodePort() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.addAll(PacketFields.untranslated(0));
        expressions.addAll(nodePortKey());
        expressions.add(new Member(ServiceSets.OWN_NODE_PORTS, 0, false));
        expressions.addAll(toNodePorts());
        return refuse("node port without endpoint", expressions);
    }

    private static NftRule refuse(String comment, List<NftExpression> of) {
        List<NftExpression> expressions = new ArrayList<>(of);
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Goto(REFUSE)));
        return new NftRule(comment, expressions);
    }
}
