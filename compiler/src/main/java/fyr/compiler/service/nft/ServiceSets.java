package fyr.compiler.service.nft;

import fyr.compiler.nft.PacketFields;
import fyr.compiler.service.frontend.FrontendSets;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The sets and maps of one family, which are the same for any services; those that say what frontends there are among them. */
final class ServiceSets {

    /** Which endpoint a client had last, by client and frontend: a zero word, address and port. */
    static final String AFFINITY = "affinity";

    /** Frontends with affinity; leads to the chain that remembers the client for as long as the service says. */
    static final String AFFINITY_TIMEOUTS = "affinity-timeouts";

    static final String NODE_PORT_AFFINITY_TIMEOUTS = "affinity-timeouts-node-port";

    /** So many clients are remembered in each family; the connections of others may reach any endpoint. */
    private static final int CLIENTS = 1 << 16;

    private final Family family;
    private final NftField address;

    private ServiceSets(Family family) {
        this.family = family;
        address = new PacketFields(family).address();
    }

    static Map<NftKey, NftObject> of(Family family) {
        Map<NftKey, NftObject> objects = new TreeMap<>(FrontendSets.of(family));
        new ServiceSets(family).all().forEach((name, set) -> objects.put(new NftKey.SetKey(family, name), set));
        return objects;
    }

    private Map<String, NftObject> all() {
        List<NftField> frontend = FrontendSets.frontend(family);
        List<NftField> nodePort = FrontendSets.nodePort();
        List<NftField> endpoint = List.of(address, NftField.INET_SERVICE);
        Map<String, NftObject> all = new TreeMap<>();
        all.put(
                AFFINITY,
                new NftObject.Memory(
                        FrontendSets.with(List.of(address), frontend),
                        FrontendSets.with(List.of(NftField.MARK), endpoint),
                        CLIENTS));
        all.put(AFFINITY_TIMEOUTS, FrontendSets.verdicts(frontend));
        all.put(NODE_PORT_AFFINITY_TIMEOUTS, FrontendSets.verdicts(nodePort));
        for (ServiceMaps maps : ServiceMaps.values()) {
            List<NftField> key = maps.isNodePort() ? nodePort : frontend;
            all.put(maps.chains(), FrontendSets.verdicts(key));
            all.put(maps.backends(), new NftObject.Set(with(key, NftField.MARK), endpoint, false, false));
            all.put(maps.affine(), FrontendSets.set(FrontendSets.with(key, endpoint)));
        }
        return all;
    }

    private static List<NftField> with(List<NftField> fields, NftField last) {
        return FrontendSets.with(fields, List.of(last));
    }
}
