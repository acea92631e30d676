package fyr.testkit;

import fyr.model.EndpointSlice;
import fyr.model.Labels;
import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One service with the traffic under test and its endpoints, in a cluster of which node {@code self} in zone {@code a} is one node. */
public final class ServiceSketch {

    /** The service. */
    public static final NamespacedName WEB = new NamespacedName("default", "web");
    /** Its virtual address. */
    public static final IpAddress CLUSTER_IP = IpAddress.parse("10.96.0.1");

    private static final IpAddress NODE_IP = IpAddress.parse("172.18.0.10");

    private ServiceSketch() {}

    /** The service with port 80 and node port 30080. */
    public static Service service(ServiceTraffic traffic) {
        return service(WEB, traffic, List.of(CLUSTER_IP), new Service.Port("http", Protocol.TCP, 80, 30080));
    }

    /** Another service. */
    public static Service service(
            NamespacedName name, ServiceTraffic traffic, List<IpAddress> clusterIps, Service.Port... ports) {
        return new Service(
                name,
                0,
                Service.Type.LOAD_BALANCER,
                clusterIps,
                Optional.empty(),
                false,
                false,
                List.of(ports),
                traffic);
    }

    /** What the service says if everything but the policies is usual. */
    public static ServiceTraffic policies(ServiceTraffic.Policy internal, ServiceTraffic.Policy external) {
        return new ServiceTraffic(internal, external, Optional.empty(), List.of(), List.of(), List.of());
    }

    /** The node, and the service with these endpoints in one slice. */
    public static ClusterSketch cluster(ServiceTraffic traffic, EndpointSlice.Endpoint... endpoints) {
        return cluster(service(traffic)).slice(slice("web-1", "http", endpoints));
    }

    /** The node and a service without slices. */
    public static ClusterSketch cluster(Service service) {
        return ClusterSketch.empty().node(self("a")).service(service);
    }

    /** The node. */
    public static Node self(String zone) {
        return new Node(
                "self",
                0,
                List.of(NODE_IP),
                List.of(Prefix.parse("10.244.1.0/24")),
                zone.isEmpty() ? Labels.none() : Labels.of(Map.of(Node.ZONE, zone)));
    }

    /** A slice of the service: port 8080 for the service's port of this name. */
    public static EndpointSlice slice(String name, String port, EndpointSlice.Endpoint... endpoints) {
        return new EndpointSlice(
                new NamespacedName("default", name),
                WEB,
                Family.IPV4,
                List.of(new EndpointSlice.Port(port, Protocol.TCP, 8080)),
                List.of(endpoints));
    }

    /** An endpoint that takes connections. */
    public static EndpointSlice.Endpoint ready(String address, Locality at) {
        return endpoint(address, true, true, false, at);
    }

    /** One that terminates and still answers. */
    public static EndpointSlice.Endpoint draining(String address, Locality at) {
        return endpoint(address, false, true, true, at);
    }

    /** Any endpoint. */
    public static EndpointSlice.Endpoint endpoint(
            String address, boolean ready, boolean serving, boolean terminating, Locality at) {
        return new EndpointSlice.Endpoint(
                List.of(IpAddress.parse(address)),
                new EndpointSlice.Traits(ready, serving, terminating, Optional.empty(), at));
    }
}
