package fyr.compiler.service.frontend;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The sets of one family that say what frontends there are, whatever balances their connections. */
public final class FrontendSets {

    /** Virtual addresses, of which every port belongs to a service. */
    public static final String CLUSTER_IPS = "cluster-ips";

    /** Ports of other addresses that belong to a service, with or without endpoints. */
    public static final String EXTERNAL = "external-frontends";

    /** Node ports, with or without endpoints. */
    public static final String OWN_NODE_PORTS = "own-node-ports";

    /** Those of {@link #EXTERNAL} whose connections are masqueraded wherever they begin. */
    static final String MASQUERADED = "masqueraded";

    /** Those of {@link #OWN_NODE_PORTS} whose connections are. */
    static final String MASQUERADED_NODE_PORTS = "masqueraded-node-ports";

    /** Load balancer frontends to which not everyone may connect, and who may. */
    static final String RESTRICTED = "restricted";

    static final String ALLOWED_SOURCES = "allowed-sources";

    /** Sources of connections that begin in pods of this node, if they are known by their addresses. */
    static final String LOCAL_SOURCES = "local-sources";

    /** Addresses with node ports, if not all of the node's have them. */
    static final String NODE_PORT_ADDRESSES = "node-port-addresses";

    private FrontendSets() {}

    /** These sets, empty. */
    public static Map<NftKey, NftObject> of(Family family) {
        NftField address = new PacketFields(family).address();
        List<NftField> frontend = frontend(family);
        Map<NftKey, NftObject> objects = new TreeMap<>();
        Map<String, NftObject> sets = Map.of(
                CLUSTER_IPS, set(List.of(address)),
                EXTERNAL, set(frontend),
                OWN_NODE_PORTS, set(nodePort()),
                MASQUERADED, set(frontend),
                MASQUERADED_NODE_PORTS, set(nodePort()),
                RESTRICTED, set(frontend),
                ALLOWED_SOURCES, ranges(with(frontend, List.of(address))),
                LOCAL_SOURCES, ranges(List.of(address)),
                NODE_PORT_ADDRESSES, ranges(List.of(address)));
        sets.forEach((name, set) -> objects.put(new NftKey.SetKey(family, name), set));
        return objects;
    }

    /** The key of a frontend at an address. */
    public static List<NftField> frontend(Family family) {
        return with(List.of(new PacketFields(family).address()), nodePort());
    }

    /** The key of a node port. */
    public static List<NftField> nodePort() {
        return List.of(NftField.INET_PROTO, NftField.INET_SERVICE);
    }

    /** Some fields and others. */
    public static List<NftField> with(List<NftField> fields, List<NftField> others) {
        return Stream.concat(fields.stream(), others.stream()).toList();
    }

    /** A set of keys. */
    public static NftObject set(List<NftField> key) {
        return new NftObject.Set(key, List.of(), false, false);
    }

    /** A map from keys to verdicts. */
    public static NftObject verdicts(List<NftField> key) {
        return new NftObject.Set(key, List.of(), true, false);
    }

    private static NftObject ranges(List<NftField> key) {
        return new NftObject.Set(key, List.of(), false, true);
    }
}
