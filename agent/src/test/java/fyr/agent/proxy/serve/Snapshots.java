package fyr.agent.proxy.serve;

import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.EndpointSlice.Traits;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;

/** Clusters of one Service. */
final class Snapshots {

    static final NamespacedName WEB = new NamespacedName("shop", "web");

    private Snapshots() {}

    static Endpoint endpoint(String address, String node, boolean ready, boolean terminating) {
        return new Endpoint(
                List.of(IpAddress.parse(address)),
                new Traits(ready, ready || terminating, terminating, Optional.empty(), Locality.of(node, "")));
    }

    static ClusterSnapshot withService(ClusterSnapshot snapshot, ServiceTraffic traffic) {
        return snapshot.withServices(snapshot.services()
                .with(
                        WEB,
                        new Service(
                                WEB,
                                0,
                                Service.Type.LOAD_BALANCER,
                                List.of(IpAddress.parse("10.96.0.7")),
                                Optional.empty(),
                                false,
                                false,
                                List.of(new Service.Port("http", Protocol.TCP, 80, 30080)),
                                traffic)));
    }

    static ClusterSnapshot withSlice(ClusterSnapshot snapshot, String name, int trigger, Endpoint... endpoints) {
        NamespacedName slice = new NamespacedName("shop", name);
        return snapshot.withEndpointSlices(snapshot.endpointSlices()
                .with(
                        WEB,
                        snapshot.endpointSlices()
                                .get(WEB)
                                .orElse(PersistentMap.empty())
                                .with(
                                        slice,
                                        new EndpointSlice(
                                                slice,
                                                WEB,
                                                false,
                                                endpoints[0]
                                                        .addresses()
                                                        .getFirst()
                                                        .family(),
                                                List.of(new EndpointSlice.Port("http", Protocol.TCP, 8080)),
                                                List.of(endpoints),
                                                trigger))));
    }
}
