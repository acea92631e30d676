package fyr.cluster.read;

import fyr.model.EndpointSlice;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** discovery.k8s.io/v1 EndpointSlice. Slices of names (FQDN) and slices of no service are nobody's. */
final class EndpointSliceBody implements ObjectReader.Body<EndpointSlice> {

    private static final String SERVICE = "kubernetes.io/service-name";
    private static final Map<String, Optional<Family>> TYPES =
            Map.of("IPv4", Optional.of(Family.IPV4), "IPv6", Optional.of(Family.IPV6), "FQDN", Optional.empty());

    private boolean typed;
    private Optional<Family> family = Optional.empty();
    private List<Optional<EndpointSlice.Port>> ports = List.of();
    private List<EndpointSlice.Endpoint> endpoints = List.of();
    private Optional<Malformed> badEndpoint = Optional.empty();

    @Override
    public boolean field(String name, JsonCursor json) {
        switch (name) {
            case "addressType" -> {
                family = json.one("addressType", TYPES);
                typed = true;
            }
            case "ports" -> ports = json.list(() -> port(json));
            case "endpoints" -> endpoints(json);
            default -> {
                return false;
            }
        }
        return true;
    }

    /** The addresses of an FQDN slice are no addresses, but the type may be read after them: hence no complaint before the end. */
    private void endpoints(JsonCursor json) {
        try {
            endpoints = json.list(() -> new EndpointBody(json).read());
        } catch (Malformed e) {
            badEndpoint = Optional.of(e);
            json.leave();
        }
    }

    /** A port without a number means "all ports", which no Service can have. */
    private static Optional<EndpointSlice.Port> port(JsonCursor json) {
        String[] name = {""};
        Protocol[] protocol = {Protocol.TCP};
        int[] port = {0};
        json.object(field -> {
            switch (field) {
                case "name" -> name[0] = json.sharedText();
                case "protocol" -> protocol[0] = json.protocol();
                case "port" -> port[0] = json.absent() ? 0 : json.port(1);
                default -> json.skip();
            }
        });
        return port[0] == 0
                ? Optional.empty()
                : Optional.of(json.shared(new EndpointSlice.Port(name[0], protocol[0], port[0])));
    }

    @Override
    public Optional<EndpointSlice> finish(NamespacedName name, Labels labels, JsonCursor json) {
        if (!typed) {
            throw new Malformed("addressType", "is missing");
        }
        Optional<String> service = labels.get(SERVICE).filter(s -> !s.isEmpty());
        if (family.isEmpty() || service.isEmpty() || labels.values().containsKey(ServiceBody.OTHER_PROXY)) {
            return Optional.empty();
        }
        badEndpoint.ifPresent(complaint -> {
            throw complaint;
        });
        for (EndpointSlice.Endpoint endpoint : endpoints) {
            check(endpoint.addresses(), family.get());
        }
        List<EndpointSlice.Port> numbered = new ArrayList<>();
        ports.forEach(port -> port.ifPresent(numbered::add));
        return Optional.of(new EndpointSlice(
                name, new NamespacedName(name.namespace(), service.get()), family.get(), numbered, endpoints));
    }

    private static void check(List<IpAddress> addresses, Family family) {
        for (IpAddress address : addresses) {
            if (address.family() != family) {
                throw new Malformed("endpoints", address + " is not of the slice's addressType");
            }
        }
    }
}
