package fyr.cluster.read;

import fyr.cluster.protobuf.BalancerAnnotations;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.BalancedService.PortKey;
import fyr.model.balancer.BalancedService.Request;
import fyr.model.balancer.Condition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** core/v1 Service, as far as load balancer addresses are concerned. What is wrong with the rest of it is said by the reader of Services. */
final class BalancedServiceBody implements ObjectReader.Body<BalancedService> {

    private static final Map<String, Family> FAMILIES = Map.of("IPv4", Family.IPV4, "IPv6", Family.IPV6);

    private String uid = "";
    private long created;
    private boolean deleted;
    private final Map<String, String> annotations = new TreeMap<>();
    private String type = "";
    private String address = "";
    private Optional<String> loadBalancerClass = Optional.empty();
    private List<Family> families = List.of();
    private boolean allFamilies;
    private boolean local;
    private Labels selector = Labels.none();
    private final Set<PortKey> ports = new TreeSet<>();
    private final List<IpAddress> addresses = new ArrayList<>();
    private boolean foreign;
    private Optional<Condition> condition = Optional.empty();

    @Override
    public boolean metadata(String name, JsonCursor json) {
        switch (name) {
            case "uid" -> uid = json.text();
            case "creationTimestamp" -> created = json.time();
            case "deletionTimestamp" -> deleted = json.time() != 0;
            case "annotations" -> json.object(key -> annotations.put(key, json.text()));
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
            case "status" -> json.object(field -> status(field, json));
            default -> {
                return false;
            }
        }
        return true;
    }

    private void spec(String field, JsonCursor json) {
        switch (field) {
            case "type" -> type = json.text();
            case "loadBalancerIP" -> address = json.text();
            case "loadBalancerClass" -> loadBalancerClass = json.optional();
            case "ipFamilies" ->
                families = json.list(json::text).stream()
                        .flatMap(text -> Optional.ofNullable(FAMILIES.get(text)).stream())
                        .distinct()
                        .toList();
            case "ipFamilyPolicy" -> allFamilies = json.text().equals("RequireDualStack");
            case "externalTrafficPolicy" -> local = json.text().equals("Local");
            case "selector" -> selector = json.labels();
            case "ports" -> json.list(() -> PortBody.read(json, "port")).forEach(this::port);
            default -> json.skip();
        }
    }

    private void port(PortBody port) {
        Protocol protocol = port.protocol();
        ports.add(new PortKey(protocol, port.number()));
    }

    private void status(String field, JsonCursor json) {
        switch (field) {
            case "loadBalancer" ->
                json.object(inner -> {
                    if (inner.equals("ingress")) {
                        json.list(() -> ingress(json));
                    } else {
                        json.skip();
                    }
                });
            case "conditions" ->
                json.list(() -> ConditionBody.read(json)).stream()
                        .filter(one -> one.type().equals(BalancedService.CONDITION))
                        .forEach(one -> condition = Optional.of(one));
            default -> json.skip();
        }
    }

    /** An address as this project assigns it, or something else. */
    private boolean ingress(JsonCursor json) {
        Map<String, String> parts = new TreeMap<>();
        json.object(field -> {
            switch (field) {
                case "ip", "hostname", "ipMode" -> parts.put(field, json.text());
                default -> json.skip();
            }
        });
        String mode = parts.getOrDefault("ipMode", "");
        boolean plain = parts.getOrDefault("hostname", "").isEmpty() && (mode.isEmpty() || mode.equals("VIP"));
        Optional<IpAddress> ip = parse(parts.getOrDefault("ip", ""));
        ip.ifPresent(addresses::add);
        foreign |= !plain || ip.isEmpty();
        return plain;
    }

    private static Optional<IpAddress> parse(String text) {
        try {
            return Optional.of(SloppyText.parse(text, IpAddress::parse));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<String> annotation(List<String> names) {
        return names.stream()
                .flatMap(name -> Optional.ofNullable(annotations.get(name)).stream())
                .filter(value -> !value.isBlank())
                .findFirst()
                .map(String::strip);
    }

    private Request request() {
        Optional<String> named = annotation(BalancerAnnotations.ADDRESSES);
        Set<IpAddress> wanted = new TreeSet<>();
        Optional<String> complaint = Optional.empty();
        if (named.isPresent() && !address.isEmpty()) {
            complaint = Optional.of("spec.loadBalancerIP and an annotation both name addresses; remove one of them");
        }
        for (String text : named.orElse(address).split(",", 20)) {
            Optional<IpAddress> one = parse(text.strip());
            one.ifPresent(wanted::add);
            if (one.isEmpty() && !text.isBlank()) {
                complaint = Optional.of("not an address: '" + Excerpt.of(text.strip()) + "'");
            }
        }
        return new Request(
                loadBalancerClass,
                families.isEmpty() ? List.of(Family.IPV4) : families,
                allFamilies,
                wanted,
                complaint,
                annotation(BalancerAnnotations.POOL),
                annotation(BalancerAnnotations.SHARING),
                local ? "Local " + selector : "",
                ports);
    }

    @Override
    public Optional<BalancedService> finish(NamespacedName name, Labels labels, JsonCursor json) {
        boolean asks = type.equals("LoadBalancer") && !deleted;
        if (!asks && addresses.isEmpty() && !foreign && condition.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new BalancedService(
                name,
                uid,
                created,
                labels,
                asks ? Optional.of(request()) : Optional.empty(),
                addresses,
                foreign,
                condition));
    }
}
