package fyr.agent.proxy.serve;

import fyr.agent.proxy.NodePortAddresses;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The health check node ports of Services of type LoadBalancer whose external traffic policy is Local: load balancers ask there whether the
 * node has ready endpoints (pkg/proxy/healthcheck/service_health.go). Of two Services that claim one port the older has it. Endpoints are
 * counted when somebody asks.
 */
public final class HealthCheckPorts implements AutoCloseable, ProbeListener.Probes {

    private static final String FIELD = "spec.healthCheckNodePort";
    private static final Comparator<Claim> OLDEST_FIRST =
            Comparator.comparingLong(Claim::created).thenComparing(claim -> claim.service.toString());

    private final String node;
    private final NodePortAddresses addresses;
    private final ProxyHealth health;
    private final Consumer<Observation> observer;
    private final ProbeListener listener;

    /** Changed on the loop's thread only. */
    private final Map<NamespacedName, Claim> claims = new HashMap<>();

    private final Map<NamespacedName, String> contested = new HashMap<>();

    private volatile ClusterSnapshot programmed = ClusterSnapshot.empty();
    private volatile Map<Integer, Claim> owners = Map.of();

    private record Claim(NamespacedName service, long created, int port) {}

    /**
     * Serves nothing until it is told of Services.
     *
     * @param node the name of this node
     * @param addresses at which of its addresses the ports are served
     * @throws IOException if the process may not open another file
     */
    public HealthCheckPorts(
            String node, NodePortAddresses addresses, ProxyHealth health, Consumer<Observation> observer)
            throws IOException {
        this.node = node;
        this.addresses = addresses;
        this.health = health;
        this.observer = observer;
        listener = new ProbeListener(this);
    }

    /** Follows a cluster whose Services are programmed. The cost depends on what changed. */
    public void follow(ClusterSnapshot snapshot) {
        boolean[] changed = new boolean[1];
        snapshot.services().differences(programmed.services(), (name, _, is) -> {
            Optional<Claim> claim = Optional.ofNullable(is).flatMap(HealthCheckPorts::claim);
            changed[0] |= !claim.equals(Optional.ofNullable(claims.get(name)));
            claim.ifPresentOrElse(now -> claims.put(name, now), () -> claims.remove(name));
        });
        programmed = snapshot;
        if (changed[0]) {
            grant();
        }
    }

    private static Optional<Claim> claim(Service service) {
        int port = service.traffic().healthCheckNodePort();
        return port == 0 || service.otherProxy()
                ? Optional.empty()
                : Optional.of(new Claim(service.name(), service.created(), port));
    }

    private void grant() {
        Map<Integer, Claim> granted = new TreeMap<>();
        Map<NamespacedName, String> refused = new HashMap<>();
        claims.values().stream().sorted(OLDEST_FIRST).forEach(claim -> {
            Claim owner = granted.putIfAbsent(claim.port, claim);
            if (owner != null) {
                refused.put(
                        claim.service,
                        "port " + claim.port + " belongs to Service " + owner.service
                                + ", which is older or comes first; nothing answers for this Service");
            }
        });
        owners = Map.copyOf(granted);
        Set<NamespacedName> over = new HashSet<>(contested.keySet());
        over.removeAll(refused.keySet());
        over.forEach(this::accept);
        refused.forEach((service, why) -> {
            if (!why.equals(contested.get(service))) {
                observer.accept(
                        new Observation.ObjectRefused(Objection.CONTESTED, "Service", service.toString(), FIELD, why));
            }
        });
        contested.clear();
        contested.putAll(refused);
        listener.listen(owners.keySet());
    }

    private void accept(NamespacedName service) {
        observer.accept(new Observation.ObjectAccepted(Objection.CONTESTED, "Service", service.toString(), FIELD));
    }

    @Override
    public byte[] answer(int port) {
        Claim owner = owners.get(port);
        if (owner == null) { // it has just been deleted
            return http(404, 0, "");
        }
        int ready = new LocalEndpoints(programmed, node).ready(owner.service);
        boolean healthy = health.isHealthy();
        String body = "{\n\t\"service\": {\n\t\t\"namespace\": \"" + owner.service.namespace() + "\",\n\t\t\"name\": \""
                + owner.service.name() + "\"\n\t},\n\t\"localEndpoints\": " + ready
                + ",\n\t\"serviceProxyHealthy\": " + healthy + "\n}";
        return http(ready > 0 && healthy ? 200 : 503, ready, body);
    }

    private static byte[] http(int status, int weight, String body) {
        String reason = switch (status) {
            case 200 -> "OK";
            case 404 -> "Not Found";
            default -> "Service Unavailable";
        };
        return ("HTTP/1.1 " + status + " " + reason
                        + "\r\nContent-Type: application/json\r\nX-Content-Type-Options: nosniff"
                        + "\r\nX-Load-Balancing-Endpoint-Weight: " + weight
                        + "\r\nContent-Length: " + body.length() + "\r\nConnection: close\r\n\r\n" + body)
                .getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public boolean isServed(InetAddress local) {
        if (addresses.isUnset()) {
            return true;
        }
        String text = local.getHostAddress();
        int scope = text.indexOf('%');
        IpAddress address = IpAddress.parse(scope < 0 ? text : text.substring(0, scope));
        Family family = local instanceof Inet6Address ? Family.IPV6 : Family.IPV4;
        return addresses.select(address, programmed.nodes().get(node).flatMap((Node own) -> own.address(family)));
    }

    @Override
    public void taken(int port, String why) {
        Optional.ofNullable(owners.get(port))
                .ifPresent(owner -> observer.accept(new Observation.ObjectRefused(
                        Objection.CONTESTED,
                        "Service",
                        owner.service.toString(),
                        FIELD,
                        "node " + node + " cannot listen at port " + port + " (" + why
                                + "); it is tried again every 5 s: end the program that has it")));
    }

    @Override
    public void free(int port) {
        Optional.ofNullable(owners.get(port)).ifPresent(owner -> accept(owner.service));
    }

    @Override
    public void close() {
        listener.close();
    }
}
