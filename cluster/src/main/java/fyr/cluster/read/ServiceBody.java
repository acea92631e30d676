package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** core/v1 Service. */
final class ServiceBody implements ObjectReader.Body<Service> {

    private static final Map<String, Service.Type> TYPES = Map.of(
            "", Service.Type.CLUSTER_IP,
            "ClusterIP", Service.Type.CLUSTER_IP,
            "NodePort", Service.Type.NODE_PORT,
            "LoadBalancer", Service.Type.LOAD_BALANCER,
            "ExternalName", Service.Type.EXTERNAL_NAME);

    private long created;
    private Service.Type type = Service.Type.CLUSTER_IP;
    private List<Optional<IpAddress>> clusterIps = List.of();
    private List<Optional<IpAddress>> clusterIp = List.of();
    private Optional<String> externalName = Optional.empty();
    private boolean headless;
    private boolean publishNotReady;
    private List<Service.Port> ports = List.of();
    private final TrafficBody traffic = new TrafficBody();

    @Override
    public boolean metadata(String name, JsonCursor json) {
        switch (name) {
            case "creationTimestamp" -> created = json.time();
            case "annotations" -> json.object(key -> traffic.annotation(key, json));
            default -> {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean field(String name, JsonCursor json) {
        switch (name) {
            case "spec" -> json.object(field -> spec(field, json));
            case "status" -> traffic.status(json);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void spec(String field, JsonCursor json) {
        switch (field) {
            case "type" -> type = json.one("type", TYPES);
            case "clusterIPs" -> clusterIps = json.list(() -> virtual(json));
            case "clusterIP" -> clusterIp = List.of(virtual(json));
            case "externalName" -> externalName = json.optional();
            case "publishNotReadyAddresses" -> publishNotReady = json.flag();
            case "ports" -> ports = json.list(() -> port(json));
            default -> traffic.spec(field, json);
        }
    }

    /** "None" makes a headless service; empty means not allocated yet. */
    private Optional<IpAddress> virtual(JsonCursor json) {
        String text = json.text();
        headless |= text.equals("None");
        return text.isEmpty() || text.equals("None") ? Optional.empty() : Optional.of(json.address());
    }

    private static Service.Port port(JsonCursor json) {
        PortBody port = PortBody.read(json, "port");
        return new Service.Port(port.name(), port.protocol(), port.required(), port.nodePort());
    }

    @Override
    public Optional<Service> finish(NamespacedName name, Labels labels, JsonCursor json) {
        boolean external = type == Service.Type.EXTERNAL_NAME;
        if (external && externalName.isEmpty()) {
            throw new Malformed("spec.externalName", "is missing though the type is ExternalName");
        }
        List<IpAddress> virtual = new ArrayList<>();
        if (!external) {
            (clusterIps.isEmpty() ? clusterIp : clusterIps).forEach(ip -> ip.ifPresent(virtual::add));
        }
        boolean otherProxy = ProxyLabels.otherProxy(labels);
        Optional<String> target = external ? externalName : Optional.empty();
        ServiceTraffic said = external || headless ? ServiceTraffic.USUAL : traffic.finish(type, json);
        return Optional.of(new Service(
                name, created, type, virtual, target, publishNotReady, otherProxy, ports, json.shared(said)));
    }
}
