package fyr.compiler.service.nft;

import fyr.compiler.nft.PacketFields;
import fyr.compiler.nft.Refusal;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.DestinationNat;
import fyr.kernel.nft.NftExpression.FibDestinationType;
import fyr.kernel.nft.NftExpression.MapLookup;
import fyr.kernel.nft.NftExpression.Random;
import fyr.kernel.nft.NftExpression.VerdictLookup;
import fyr.kernel.nft.NftField;
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
 * The constant part of one family's service rules. A new connection to a virtual address takes two hash lookups: {@code services} leads to
 * the chain that picks one of the service's slots at random, {@code backends} gives the endpoint in that slot. Connections to node ports
 * are handled in the same way through separate maps. Other packets never come here, because the kernel calls nat chains only for first
 * packets.
 *
 * <p>Keys are built only from the packet and a random number, never from the result of another lookup: the kernel would allow it, but
 * {@code nft list ruleset} of nftables 1.0.6 fails an assertion on it.
 */
final class ServiceRuleset {

    static final String SERVICES = "services";
    static final String NODE_PORTS = "node-ports";
    static final String BACKENDS = "backends";
    static final String OWN_NODE_PORTS = "own-node-ports"; // those without endpoints too
    static final String NODE_PORT_BACKENDS = "node-port-backends";
    static final String CLUSTER_IPS = "cluster-ips";

    private static final String CHAIN = "services";
    private static final String REFUSE = "services-refuse";
    private static final int RTN_LOCAL = 2; // include/uapi/linux/rtnetlink.h
    private static final int DSTNAT = -100;

    /** After translation, before policy. */
    private static final int REJECT = -10;

    /** The register that lookups write to, beyond the longest key: an IPv6 address, protocol, port and slot. */
    private static final int RESULT = 8;

    private final Family family;
    private final PacketFields fields;
    private final int proto;
    private final int port;

    private ServiceRuleset(Family family) {
        this.family = family;
        fields = new PacketFields(family);
        proto = fields.words();
        port = proto + 1;
    }

    static Map<NftKey, NftObject> of(Family family) {
        return new ServiceRuleset(family).objects();
    }

    private Map<NftKey, NftObject> objects() {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        maps().forEach((name, set) -> objects.put(new NftKey.SetKey(family, name), set));
        chains().forEach((name, chain) -> objects.put(new NftKey.ChainKey(family, name), chain));
        return objects;
    }

    /** The chain that picks one of this many slots. */
    static NftVerdict.Goto pick(int slots) {
        return new NftVerdict.Goto("pick-" + slots);
    }

    /** The same for node ports. */
    static NftVerdict.Goto pickNodePort(int slots) {
        return new NftVerdict.Goto("pick-node-port-" + slots);
    }

    private Map<String, NftObject.Set> maps() {
        NftField address = fields.address();
        List<NftField> service = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE);
        List<NftField> nodePort = List.of(NftField.INET_PROTO, NftField.INET_SERVICE);
        List<NftField> endpoint = List.of(address, NftField.INET_SERVICE);
        return Map.of(
                CLUSTER_IPS, new NftObject.Set(List.of(address), List.of(), false, false),
                SERVICES, new NftObject.Set(service, List.of(), true, false),
                BACKENDS, new NftObject.Set(with(service, NftField.MARK), endpoint, false, false),
                OWN_NODE_PORTS, new NftObject.Set(nodePort, List.of(), false, false),
                NODE_PORTS, new NftObject.Set(nodePort, List.of(), true, false),
                NODE_PORT_BACKENDS, new NftObject.Set(with(nodePort, NftField.MARK), endpoint, false, false));
    }

    private static List<NftField> with(List<NftField> fields, NftField last) {
        List<NftField> all = new ArrayList<>(fields);
        all.add(last);
        return all;
    }

    private Map<String, NftObject.Chain> chains() {
        Map<String, NftObject.Chain> chains = new TreeMap<>();
        NftRule jump = new NftRule("to services", List.of(new NftExpression.Verdict(new NftVerdict.Jump(CHAIN))));
        chains.put("services-prerouting", base(NftHook.Type.NAT, NftHook.Point.PREROUTING, DSTNAT, jump));
        chains.put("services-output", base(NftHook.Type.NAT, NftHook.Point.OUTPUT, DSTNAT, jump));
        chains.put(CHAIN, new NftObject.Chain(Optional.empty(), List.of(byClusterIp(), byNodePort())));
        chains.put(REFUSE, new NftObject.Chain(Optional.empty(), Refusal.rules()));
        chains.put("services-forward-reject", base(NftHook.Type.FILTER, NftHook.Point.FORWARD, REJECT, reject()));
        chains.put("services-input-reject", base(NftHook.Type.FILTER, NftHook.Point.INPUT, REJECT, rejectNodePort()));
        chains.put(
                "services-output-reject",
                base(NftHook.Type.FILTER, NftHook.Point.OUTPUT, REJECT, reject(), rejectNodePort()));
        ServiceTier.all().forEach(slots -> {
            chains.put(
                    pick(slots).chain(),
                    new NftObject.Chain(Optional.empty(), List.of(pick(slots, clusterIpKey(), BACKENDS))));
            chains.put(
                    pickNodePort(slots).chain(),
                    new NftObject.Chain(Optional.empty(), List.of(pick(slots, nodePortKey(), NODE_PORT_BACKENDS))));
        });
        return chains;
    }

    private static NftObject.Chain base(NftHook.Type type, NftHook.Point point, int priority, NftRule... rules) {
        return new NftObject.Chain(Optional.of(new NftHook(type, point, priority, false)), List.of(rules));
    }

    private List<NftExpression> clusterIpKey() {
        return List.of(fields.destination(0), PacketFields.protocol(proto), PacketFields.destinationPort(port));
    }

    private NftRule byClusterIp() {
        List<NftExpression> expressions = new ArrayList<>(clusterIpKey());
        expressions.add(new VerdictLookup(SERVICES, 0));
        return new NftRule("cluster IPs", expressions);
    }

    private static List<NftExpression> nodePortKey() {
        return List.of(PacketFields.protocol(0), PacketFields.destinationPort(1));
    }

    private NftRule byNodePort() {
        List<NftExpression> expressions = toTheNode();
        expressions.addAll(nodePortKey());
        expressions.add(new VerdictLookup(NODE_PORTS, 0));
        return new NftRule("node ports, on any address of the node but loopback", expressions);
    }

    private List<NftExpression> toTheNode() {
        List<NftExpression> expressions = new ArrayList<>();
        expressions.add(new FibDestinationType(0));
        expressions.add(new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.host32(RTN_LOCAL)));
        expressions.addAll(fields.destinationIsNotLoopback(0));
        return expressions;
    }

    private NftRule pick(int slots, List<NftExpression> key, String backends) {
        int words = key.size() == 2 ? 2 : port + 1;
        List<NftExpression> expressions = new ArrayList<>(key);
        expressions.add(new Random(slots, words));
        expressions.add(new MapLookup(backends, 0, RESULT));
        expressions.add(new DestinationNat(RESULT, OptionalInt.of(RESULT + fields.words())));
        return new NftRule("one endpoint of " + slots + " slots", expressions);
    }

    /**
     * A packet that still has a virtual address after translation is for a service without endpoints, or for a port that the service does
     * not have.
     */
    private NftRule reject() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new NftExpression.Member(CLUSTER_IPS, 0, false));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Goto(REFUSE)));
        return new NftRule("service without endpoint, or not a port of it", expressions);
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
        expressions.add(new NftExpression.Member(OWN_NODE_PORTS, 0, false));
        expressions.addAll(toTheNode());
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Goto(REFUSE)));
        return new NftRule("node port without endpoint", expressions);
    }
}
