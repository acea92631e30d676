package fyr.cluster.read;

import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.address.IpAddress;
import fyr.model.address.SpecialAddresses;
import java.util.List;
import java.util.Optional;

/** One endpoint of a slice. */
final class EndpointBody {

    private final JsonCursor json;
    private List<IpAddress> addresses = List.of();
    private Optional<Boolean> ready = Optional.empty();
    private Optional<Boolean> serving = Optional.empty();
    private boolean terminating;
    private Optional<String> hostname = Optional.empty();
    private String node = "";
    private String zone = "";
    private List<String> forZones = List.of();
    private List<String> forNodes = List.of();

    EndpointBody(JsonCursor json) {
        this.json = json;
    }

    EndpointSlice.Endpoint read() {
        json.object(this::field);
        if (addresses.isEmpty()) {
            throw json.malformed("an endpoint without addresses");
        }
        boolean isReady =
                ready.orElse(true); // absent means unknown, which consumers treat as ready (EndpointConditions)
        EndpointSlice.Traits traits = new EndpointSlice.Traits(
                isReady, serving.orElse(isReady), terminating, hostname, json.shared(locality()));
        return new EndpointSlice.Endpoint(addresses, json.shared(traits));
    }

    private void field(String field) {
        switch (field) {
            case "addresses" -> addresses = json.list(this::address);
            case "conditions" -> json.object(this::condition);
            case "hostname" -> hostname = json.optional();
            case "nodeName" -> node = json.text(); // not shared by itself: the locality is
            case "zone" -> zone = json.sharedText();
            case "hints" -> json.object(this::hints);
            default -> json.skip();
        }
    }

    private void hints(String field) {
        switch (field) {
            case "forZones" -> forZones = json.list(this::hint);
            case "forNodes" -> forNodes = json.list(this::hint);
            default -> json.skip();
        }
    }

    private String hint() {
        String[] name = {""};
        json.object(field -> {
            if (field.equals("name")) {
                name[0] = json.sharedText();
            } else {
                json.skip();
            }
        });
        return name[0];
    }

    private Locality locality() {
        return forZones.isEmpty() && forNodes.isEmpty()
                ? Locality.of(node, zone)
                : new Locality(node, zone, json.shared(new Locality.Hints(forZones, forNodes)));
    }

    /** Whoever may write EndpointSlices is not to lead a Service's clients to services of the node itself (CVE-2021-25740's kind). */
    private IpAddress address() {
        IpAddress address = json.address();
        SpecialAddresses.kind(address).ifPresent(kind -> {
            throw json.malformed(address + " is a special address (" + kind + "), no endpoint");
        });
        return address;
    }

    private void condition(String field) {
        switch (field) {
            case "ready" -> ready = json.absent() ? Optional.empty() : Optional.of(json.flag());
            case "serving" -> serving = json.absent() ? Optional.empty() : Optional.of(json.flag());
            case "terminating" -> terminating = json.flag();
            default -> json.skip();
        }
    }
}
