package fyr.cluster.read;

import fyr.cluster.protobuf.Schemas;
import fyr.model.EndpointSlice;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** discovery.k8s.io/v1 EndpointSlice. Slices of names (FQDN) and slices without a service are ignored. */
final class EndpointSliceBody implements ObjectReader.Body<EndpointSlice> {

    private static final String SERVICE = "kubernetes.io/service-name";
    private static final Map<String, Optional<Family>> TYPES =
            Map.of("IPv4", Optional.of(Family.IPV4), "IPv6", Optional.of(Family.IPV6), "FQDN", Optional.empty());

    private boolean typed;
    private int trigger;
    private Optional<Family> family = Optional.empty();
    private List<Optional<EndpointSlice.Port>> ports = List.of();
    private List<Optional<EndpointSlice.Endpoint>> endpoints = List.of();

    @Override
    public boolean metadata(String name, JsonCursor json) {
        if (!name.equals("annotations")) {
            return false;
        }
        json.object(annotation -> {
            if (annotation.equals(Schemas.LAST_CHANGE)) {
                trigger = hundredths(json.text());
            } else {
                json.skip();
            }
        });
        return true;
    }

    /** It is for a measurement only: a slice is not refused for a time that is none. */
    private static int hundredths(String time) {
        try {
            Instant instant = Instant.parse(time);
            return (int) (instant.getEpochSecond() * 100 + instant.getNano() / 10_000_000);
        } catch (DateTimeParseException e) {
            return 0;
        }
    }

    @Override
    public boolean field(String name, JsonCursor json) {
        switch (name) {
            case "addressType" -> {
                family = json.one("addressType", TYPES);
                typed = true;
            }
            case "ports" -> ports = json.list(() -> port(json));
            case "endpoints" -> endpoints = json.each(() -> endpoint(json));
            default -> {
                return false;
            }
        }
        return true;
    }

    private EndpointSlice.Endpoint endpoint(JsonCursor json) {
        return new EndpointBody(json).read();
    }

    /** A port without a number means "all ports", which no Service can have. */
    private static Optional<EndpointSlice.Port> port(JsonCursor json) {
        PortBody port = PortBody.read(json, "port");
        return port.number() == 0
                ? Optional.empty()
                : Optional.of(json.shared(new EndpointSlice.Port(port.name(), port.protocol(), port.number())));
    }

    @Override
    public Optional<EndpointSlice> finish(NamespacedName name, Labels labels, JsonCursor json) {
        if (!typed) {
            throw new Malformed("addressType", "is missing");
        }
        Optional<String> service = labels.get(SERVICE).filter(s -> !s.isEmpty());
        if (family.isEmpty() || service.isEmpty()) {
            return Optional.empty();
        }
        List<EndpointSlice.Port> numbered = new ArrayList<>();
        ports.forEach(port -> port.ifPresent(numbered::add));
        return Optional.of(new EndpointSlice(
                name,
                new NamespacedName(name.namespace(), service.get()),
                ProxyLabels.otherProxy(labels),
                family.get(),
                numbered,
                ofFamily(family.get(), json),
                trigger));
    }

    /** The type may come after the endpoints, so it is only considered at the end. */
    private List<EndpointSlice.Endpoint> ofFamily(Family wanted, JsonCursor json) {
        List<EndpointSlice.Endpoint> good = new ArrayList<>();
        for (int i = 0; i < endpoints.size(); i++) {
            String field = "endpoints[" + i + "].addresses";
            endpoints
                    .get(i)
                    .ifPresent(endpoint -> endpoint.addresses().stream()
                            .filter(address -> address.family() != wanted)
                            .findFirst()
                            .ifPresentOrElse(
                                    odd -> json.leaveOut(
                                            new Malformed(field, odd + " is not of the slice's addressType")),
                                    () -> good.add(endpoint)));
        }
        return good;
    }
}
