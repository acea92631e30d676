package fyr.agent.proxy.serve;

import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.EndpointSlice.Endpoint;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which endpoints of Services run on a node. */
public record LocalEndpoints(ClusterSnapshot snapshot, String node) {

    /** The number of addresses of a Service's ready endpoints on the node, as kube-proxy counts them: the larger of the two families. */
    public int ready(NamespacedName service) {
        Set<IpAddress> ipv4 = new HashSet<>();
        Set<IpAddress> ipv6 = new HashSet<>();
        for (EndpointSlice slice : slices(service)) {
            Set<IpAddress> ofFamily = slice.family() == Family.IPV4 ? ipv4 : ipv6;
            slice.endpoints().stream()
                    .filter(endpoint -> endpoint.ready() && isLocal(endpoint))
                    .forEach(endpoint -> endpoint.addresses().stream().limit(1).forEach(ofFamily::add));
        }
        return Math.max(ipv4.size(), ipv6.size());
    }

    /** The number of ports that have endpoints, but none on the node, although the policy is Local: connections to them are dropped. */
    public int portsWithoutLocal(boolean external, Family family) {
        int[] count = new int[1];
        snapshot.services().forEach((name, service) -> {
            Policy policy =
                    external ? service.traffic().external() : service.traffic().internal();
            if (policy == Policy.LOCAL && serves(service, external, family)) {
                count[0] += (int) service.ports().stream()
                        .filter(port -> isMissingHere(name, port, family))
                        .count();
            }
        });
        return count[0];
    }

    private static boolean serves(Service service, boolean external, Family family) {
        return !service.otherProxy()
                && service.clusterIps().stream().anyMatch(address -> address.family() == family)
                && (!external
                        || service.type() != Service.Type.CLUSTER_IP
                        || !service.traffic().externalIps().isEmpty());
    }

    private boolean isMissingHere(NamespacedName service, Service.Port port, Family family) {
        List<Endpoint> usable = slices(service).stream()
                .filter(slice -> slice.family() == family
                        && slice.ports().stream()
                                .anyMatch(own -> own.name().equals(port.name()) && own.protocol() == port.protocol()))
                .flatMap(slice -> slice.endpoints().stream())
                .filter(endpoint -> endpoint.ready() || endpoint.draining())
                .toList();
        return !usable.isEmpty() && usable.stream().noneMatch(this::isLocal);
    }

    private boolean isLocal(Endpoint endpoint) {
        return endpoint.locality().node().equals(node);
    }

    private List<EndpointSlice> slices(NamespacedName service) {
        return snapshot.endpointSlices().get(service).stream()
                .flatMap(ofService -> ofService.sorted().values().stream())
                .filter(slice -> !slice.otherProxy())
                .toList();
    }
}
