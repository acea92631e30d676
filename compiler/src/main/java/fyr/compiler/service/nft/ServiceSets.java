package fyr.compiler.service.nft;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sets and maps of one family, which are the same for any services. */
final class ServiceSets {

    /** Virtual addresses, of which every port belongs to a service. */
    static final String CLUSTER_IPS = "cluster-ips";

    /** Ports of other addresses that belong to a service, with or without endpoints. */
    static final String EXTERNAL = "external-frontends";

    /** Node ports, with or without endpoints. */
    static final String OWN_NODE_PORTS = "own-node-ports";

    /** Those of {@link #EXTERNAL} and {@link #OWN_NODE_PORTS} whose connections are masqueraded wherever they begin. */
    static final String MASQUERADED = "masqueraded";

    static final String MASQUERADED_NODE_PORTS = "masqueraded-node-ports";

    /** Load balancer frontends to which not everyone may connect, and who may. */
    static final String RESTRICTED = "restricted";

    static final String ALLOWED_SOURCES = "allowed-sources";

    /** Which endpoint a client had last, by client and frontend: a zero word, address and port. */
    static final String AFFINITY = "affinity";

    /** Frontends with affinity; leads to the chain that remembers the client for as long as the service says. */
    static final String AFFINITY_TIMEOUTS = "affinity-timeouts";

    static final String NODE_PORT_AFFINITY_TIMEOUTS = "affinity-timeouts-node-port";

    /** Sources of connections that begin in pods of this node, if they are known by their addresses. */
    static final String LOCAL_SOURCES = "local-sources";

    /** Addresses with node ports, if not all of the node's have them. */
    static final String NODE_PORT_ADDRESSES = "node-port-addresses";

    /** So many clients are remembered in each family; the connections of others may reach any endpoint. */
    private static final int CLIENTS = 1 << 16;

    private final NftField address;

    private ServiceSets(Family family) {
        address = new PacketFields(family).address();
    }

    static Map<NftKey, NftObject> of(Family family) {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        new ServiceSets(family).all().forEach((name, set) -> objects.put(new NftKey.SetKey(family, name), set));
        return objects;
    }

    private Map<String, NftObject> all() {
        List<NftField> frontend = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE);
        List<NftField> nodePort = List.of(NftField.INET_PROTO, NftField.INET_SERVICE);
        List<NftField> endpoint = List.of(address, NftField.INET_SERVICE);
        Map<String, NftObject> all = new TreeMap<>();
        all.put(CLUSTER_IPS, set(List.of(address)));
        all.put(EXTERNAL, set(frontend));
        all.put(OWN_NODE_PORTS, set(nodePort));
        all.put(MASQUERADED, set(frontend));
        all.put(MASQUERADED_NODE_PORTS, set(nodePort));
        all.put(RESTRICTED, set(frontend));
        all.put(ALLOWED_SOURCES, ranges(with(frontend, address)));
        all.put(
                AFFINITY,
                new NftObject.Memory(
                        with(List.of(address), frontend), with(List.of(NftField.MARK), endpoint), CLIENTS));
        all.put(AFFINITY_TIMEOUTS, verdicts(frontend));
        all.put(NODE_PORT_AFFINITY_TIMEOUTS, verdicts(nodePort));
        all.put(LOCAL_SOURCES, ranges(List.of(address)));
        all.put(NODE_PORT_ADDRESSES, ranges(List.of(address)));
        for (ServiceMaps maps : ServiceMaps.values()) {
            List<NftField> key = maps.isNodePort() ? nodePort : frontend;
            all.put(maps.chains(), verdicts(key));
            all.put(maps.backends(), new NftObject.Set(with(key, NftField.MARK), endpoint, false, false));
            all.put(maps.affine(), set(with(key, endpoint)));
        }
        return all;
    }

    private static NftObject set(List<NftField> key) {
        return new NftObject.Set(key, List.of(), false, false);
    }

    private static NftObject ranges(List<NftField> key) {
        return new NftObject.Set(key, List.of(), false, true);
    }

    private static NftObject verdicts(List<NftField> key) {
        return new NftObject.Set(key, List.of(), true, false);
    }

    private static List<NftField> with(List<NftField> fields, NftField last) {
        return with(fields, List.of(last));
    }

    private static List<NftField> with(List<NftField> fields, List<NftField> others) {
        List<NftField> all = new ArrayList<>(fields);
        all.addAll(others);
        return all;
    }
}
