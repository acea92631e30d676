package fyr.compiler.service;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
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
 * The constant part of one family's service rules. A new connection to a virtual address takes two hash lookups and one jump:
 * {@code services} gives the number of slots, {@code tiers} the chain that draws one of so many, {@code backends} the endpoint in it.
 * Connections to node ports do the same after {@code node-ports} has told which service is meant. Other packets never come here, since
 * the kernel asks nat chains about first packets only.
 *
 * <p>The number of maps and rules does not depend on the number of services: a map for each service is what makes kube-proxy's tables slow
 * to load, since every new rule makes the kernel walk every map (kubernetes/kubernetes#140723).
 */
final class ServiceRuleset {

    static final String SERVICES = "services";
    static final String NODE_PORTS = "node-ports";
    static final String BACKENDS = "backends";
    static final String CLUSTER_IPS = "cluster-ips";

    private static final String TIERS = "tiers";
    private static final String NODE_PORT_TIERS = "node-port-tiers";
    private static final String CHAIN = "services";
    private static final int RTN_LOCAL = 2; // include/uapi/linux/rtnetlink.h
    private static final int DSTNAT = -100;

    private final Family family;
    private final PacketFields fields;
    private final int proto;
    private final int port;
    private final int slot;
    private final int result;

    private ServiceRuleset(Family family) {
        this.family = family;
        fields = new PacketFields(family);
        proto = fields.words();
        port = proto + 1;
        slot = port + 1;
        result = slot + 1;
    }

    static Map<NftKey, NftObject> of(Family family) {
        return new ServiceRuleset(family).objects();
    }

    private Map<NftKey, NftObject> objects() {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        maps().forEach((name, set) -> objects.put(new NftKey.SetKey(family, name), set));
        chains().forEach((name, chain) -> objects.put(new NftKey.ChainKey(family, name), chain));
        ServiceTier.all().forEach(slots -> {
            objects.put(new NftKey.ElementKey(family, TIERS, Bytes.host32(slots)), go("pick-" + slots));
            objects.put(new NftKey.ElementKey(family, NODE_PORT_TIERS, Bytes.host32(slots)), go("pick-node-port-" + slots));
        });
        return objects;
    }

    private static NftObject.Element go(String chain) {
        return new NftObject.Element(Optional.empty(), new NftData.Verdict(new NftVerdict.Goto(chain)));
    }

    private Map<String, NftObject.Set> maps() {
        NftField address = fields.address();
        List<NftField> service = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE);
        return Map.of(
                CLUSTER_IPS, new NftObject.Set(List.of(address), List.of(), false, false),
                SERVICES, new NftObject.Set(service, List.of(NftField.MARK), false, false),
                NODE_PORTS, new NftObject.Set(List.of(NftField.INET_PROTO, NftField.INET_SERVICE), with(service, NftField.MARK), false, false),
                BACKENDS, new NftObject.Set(with(service, NftField.MARK), List.of(address, NftField.INET_SERVICE), false, false),
                TIERS, new NftObject.Set(List.of(NftField.MARK), List.of(), true, false),
                NODE_PORT_TIERS, new NftObject.Set(List.of(NftField.MARK), List.of(), true, false));
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
        chains.put("services-forward-reject", base(NftHook.Type.FILTER, NftHook.Point.FORWARD, DSTNAT / 10, reject()));
        chains.put("services-output-reject", base(NftHook.Type.FILTER, NftHook.Point.OUTPUT, DSTNAT / 10, reject()));
        ServiceTier.all().forEach(slots -> {
            chains.put("pick-" + slots, new NftObject.Chain(Optional.empty(), List.of(pick(slots, clusterIpKey()))));
            chains.put("pick-node-port-" + slots, new NftObject.Chain(Optional.empty(), List.of(pick(slots, nodePortService()))));
        });
        return chains;
    }

    private static NftObject.Chain base(NftHook.Type type, NftHook.Point point, int priority, NftRule rule) {
        return new NftObject.Chain(Optional.of(new NftHook(type, point, priority, false)), List.of(rule));
    }

    private List<NftExpression> clusterIpKey() {
        return List.of(fields.destination(0), PacketFields.protocol(proto), PacketFields.destinationPort(port));
    }

    private NftRule byClusterIp() {
        List<NftExpression> expressions = new ArrayList<>(clusterIpKey());
        expressions.add(new MapLookup(SERVICES, 0, result));
        expressions.add(new VerdictLookup(TIERS, result));
        return new NftRule("cluster IPs: number of slots, then draw one", expressions);
    }

    /** Which service a node port belongs to: its cluster IP, protocol, port and number of slots, in registers 0 to {@code slot}. */
    private List<NftExpression> nodePortService() {
        return List.of(
                PacketFields.protocol(result), PacketFields.destinationPort(result + 1), new MapLookup(NODE_PORTS, result, 0));
    }

    private NftRule byNodePort() {
        List<NftExpression> expressions = new ArrayList<>();
        expressions.add(new FibDestinationType(0));
        expressions.add(new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.host32(RTN_LOCAL)));
        expressions.addAll(fields.destinationIsNotLoopback(0));
        expressions.addAll(nodePortService());
        expressions.add(new VerdictLookup(NODE_PORT_TIERS, slot));
        return new NftRule("node ports, on any address of the node but loopback", expressions);
    }

    private NftRule pick(int slots, List<NftExpression> key) {
        List<NftExpression> expressions = new ArrayList<>(key);
        expressions.add(new Random(slots, slot));
        expressions.add(new MapLookup(BACKENDS, 0, result));
        expressions.add(new DestinationNat(result, OptionalInt.of(result + fields.words())));
        return new NftRule("one endpoint of " + slots + " slots", expressions);
    }

    /** Whatever still has a virtual address after translation has no endpoint, or is for a port that the service does not have. */
    private NftRule reject() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new NftExpression.Member(CLUSTER_IPS, 0, false));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Reject(NftExpression.Answer.PORT_UNREACHABLE));
        return new NftRule("service without endpoint, or not a port of it", expressions);
    }
}
