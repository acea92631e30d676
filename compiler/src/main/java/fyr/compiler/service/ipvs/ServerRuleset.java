package fyr.compiler.service.ipvs;

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
 * The chains of one family, which are the same for any services. New connections to frontends other than virtual addresses are translated to a
 * virtual server. What is for a virtual address is for this node, because a route says so, and IPVS takes it at the end of the input hook,
 * or of the output hook if it is the node's own, and sends it to an endpoint by way of the output and postrouting hooks.
 */
final class ServerRuleset {

    private static final String NODE_PORTS_ROUTED = "services-node-ports-routed";
    private static final String NODE_PORTS_OWN = "services-node-ports-own";
    private static final String NOT_OFFERED = "service without endpoint, or not a port of it";
    private static final int DSTNAT = -100;

    /** After translation, before policy. */
    private static final int REJECT = -10;

    /** After translation, and before IPVS takes the node's own packets at -98 (ip_vs_ops4 in net/netfilter/ipvs/ip_vs_core.c). */
    private static final int REJECT_OWN = -99;

    /**
     * What IPVS has not taken at 99 or -98 would be for the node's own listeners: somebody removed a virtual server, or the kernel refused
     * it, for example for want of its scheduler.
     */
    private static final int AFTER_IPVS = 110;

    private static final int AFTER_IPVS_OWN = -97;

    /** The register that lookups write to, beyond the longest key: an IPv6 address, protocol and port. */
    private static final int RESULT = 8;

    private final PacketFields fields;
    private final ServiceOptions options;
    private final FrontendRules frontends;

    private ServerRuleset(Family family, ServiceOptions options) {
        this.fields = new PacketFields(family);
        this.options = options;
        this.frontends = new FrontendRules(fields, options);
    }

    static Map<NftKey, NftObject> of(Family family, ServiceOptions options) {
        Map<NftKey, NftObject> objects = ServerSets.of(family);
        new ServerRuleset(family, options)
                .chains()
                .forEach((name, chain) -> objects.put(new NftKey.ChainKey(family, name), chain));
        return objects;
    }

    private Map<String, NftObject> chains() {
        Map<String, NftObject> chains = new TreeMap<>();
        chains.put("services-prerouting", base(NftHook.Type.NAT, NftHook.Point.PREROUTING, DSTNAT, routed()));
        chains.put("services-output", base(NftHook.Type.NAT, NftHook.Point.OUTPUT, DSTNAT, own()));
        chains.put(FrontendRules.RANGES, frontends.ranges());
        chains.put(
                NODE_PORTS_ROUTED,
                FrontendRules.chain(List.of(fromPods(ServerMaps.NODE_PORT_HERE), to(ServerMaps.NODE_PORT))));
        chains.put(
                NODE_PORTS_OWN, FrontendRules.chain(List.of(to(ServerMaps.NODE_PORT_HERE), to(ServerMaps.NODE_PORT))));
        for (ServerMaps maps : ServerMaps.values()) {
            chains.put(
                    maps.chain(),
                    FrontendRules.chain(maps.isHere() ? List.of(server(maps)) : List.of(dropped(maps), server(maps))));
        }
        chains.put(FrontendRules.REFUSE, FrontendRules.chain(Refusal.rules()));
        List<NftRule> atNode = List.of(rejectUnserved(), frontends.rejectExternal(), frontends.rejectNodePort());
        chains.put(
                "services-forward-reject",
                base(
                        NftHook.Type.FILTER,
                        NftHook.Point.FORWARD,
                        REJECT,
                        List.of(frontends.rejectVirtual(), frontends.rejectExternal())));
        chains.put("services-input-reject", base(NftHook.Type.FILTER, NftHook.Point.INPUT, REJECT, atNode));
        chains.put("services-output-reject", base(NftHook.Type.FILTER, NftHook.Point.OUTPUT, REJECT_OWN, atNode));
        List<NftRule> left = List.of(frontends.rejectVirtual());
        chains.put("services-input-left", base(NftHook.Type.FILTER, NftHook.Point.INPUT, AFTER_IPVS, left));
        chains.put("services-output-left", base(NftHook.Type.FILTER, NftHook.Point.OUTPUT, AFTER_IPVS_OWN, left));
        return chains;
    }

    private static NftObject base(NftHook.Type type, NftHook.Point point, int priority, List<NftRule> rules) {
        return new NftObject.Chain(Optional.of(new NftHook(type, point, priority, false)), rules);
    }

    private List<NftRule> routed() {
        return List.of(
                frontends.restricted(),
                fromPods(ServerMaps.ADDRESS_HERE),
                to(ServerMaps.ADDRESS),
                frontends.atNode(NODE_PORTS_ROUTED));
    }

    private List<NftRule> own() {
        return List.of(
                frontends.restricted(),
                to(ServerMaps.ADDRESS_HERE),
                to(ServerMaps.ADDRESS),
                frontends.atNode(NODE_PORTS_OWN));
    }

    private static NftRule to(ServerMaps maps) {
        return new NftRule("to " + maps.words(), List.of(FrontendRules.jump(maps.chain())));
    }

    private NftRule fromPods(ServerMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(Origins.ofPods(fields, options.local()));
        expressions.add(FrontendRules.jump(maps.chain()));
        return new NftRule("from a pod to " + maps.words(), expressions);
    }

    private List<NftExpression> key(ServerMaps maps) {
        return maps.isNodePort() ? FrontendRules.nodePortKey() : frontends.frontendKey();
    }

    private NftRule dropped(ServerMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(key(maps));
        expressions.add(new VerdictLookup(maps.dropped(), 0));
        return new NftRule("what only endpoints of other nodes could take", expressions);
    }

    private NftRule server(ServerMaps maps) {
        List<NftExpression> expressions = new ArrayList<>(key(maps));
        expressions.add(new MapLookup(maps.servers(), 0, RESULT));
        expressions.add(new DestinationNat(RESULT, OptionalInt.of(RESULT + fields.words())));
        return new NftRule("to a virtual server", expressions);
    }

    /** Otherwise IPVS would take packets for virtual servers at ports that the service does not have; those for it were translated. */
    private NftRule rejectUnserved() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.addAll(PacketFields.untranslated(0));
        expressions.add(fields.destination(0));
        expressions.add(new Member(FrontendSets.CLUSTER_IPS, 0, false));
        expressions.addAll(frontends.frontendKey());
        expressions.add(new Member(ServerSets.SERVED, 0, true));
        return FrontendRules.refuse(NOT_OFFERED, expressions);
    }
}
