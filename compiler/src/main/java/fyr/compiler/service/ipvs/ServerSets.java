package fyr.compiler.service.ipvs;

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
final class ServerSets {

    /** Ports of virtual addresses that lead to endpoints. */
    static final String SERVED = "served";

    private ServerSets() {}

    static Map<NftKey, NftObject> of(Family family) {
        Map<NftKey, NftObject> objects = new TreeMap<>(FrontendSets.of(family));
        List<NftField> server = List.of(new PacketFields(family).address(), NftField.INET_SERVICE);
        objects.put(new NftKey.SetKey(family, SERVED), FrontendSets.set(FrontendSets.frontend(family)));
        for (ServerMaps maps : ServerMaps.values()) {
            List<NftField> key = maps.isNodePort() ? FrontendSets.nodePort() : FrontendSets.frontend(family);
            if (!maps.isHere()) {
                objects.put(new NftKey.SetKey(family, maps.dropped()), FrontendSets.verdicts(key));
            }
            objects.put(new NftKey.SetKey(family, maps.servers()), new NftObject.Set(key, server, false, false));
        }
        return objects;
    }
}
