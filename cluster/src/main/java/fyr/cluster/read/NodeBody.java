package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** core/v1 Node. */
final class NodeBody implements ObjectReader.Body<Node> {

    private static final List<String> NEEDED = List.of(Node.ZONE, Node.NO_LOAD_BALANCER);

    private long created;
    private boolean ready;
    private final List<IpAddress> addresses = new ArrayList<>();
    private List<Prefix> podCidrs = List.of();
    private List<Prefix> podCidr = List.of();
    private boolean leaving;

    @Override
    public boolean metadata(String name, JsonCursor json) {
        switch (name) {
            case "creationTimestamp" -> created = json.time();
            case "deletionTimestamp" -> leaving |= !json.text().isEmpty();
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
            case "podCIDRs" ->
                podCidrs = json.each(json::prefix).stream()
                        .flatMap(Optional::stream)
                        .toList();
            case "podCIDR" -> podCidr = json.absent() ? List.of() : List.of(json.prefix());
            case "taints" -> json.each(() -> taint(json));
            default -> json.skip();
        }
    }

    private boolean taint(JsonCursor json) {
        json.object(field -> {
            if (field.equals("key")) {
                leaving |= json.text().equals(Node.TO_BE_DELETED);
            } else {
                json.skip();
            }
        });
        return leaving;
    }

    private void status(String field, JsonCursor json) {
        switch (field) {
            case "addresses" ->
                json.each(() -> address(json))
                        .forEach(given -> given.flatMap(internal -> internal).ifPresent(addresses::add));
            case "conditions" ->
                ready = json.list(() -> ConditionBody.read(json)).stream()
                        .anyMatch(condition -> condition.type().equals("Ready") && condition.holds());
            default -> json.skip();
        }
    }

    /** The type may come after the address, and other types (Hostname) are no addresses: the text is kept until both are known. */
    private static Optional<IpAddress> address(JsonCursor json) {
        String[] typeAndAddress = {"", ""};
        json.object(field -> {
            switch (field) {
                case "type" -> typeAndAddress[0] = json.text();
                case "address" -> typeAndAddress[1] = json.text();
                default -> json.skip();
            }
        });
        if (!typeAndAddress[0].equals("InternalIP")) {
            return Optional.empty();
        }
        try {
            return Optional.of(SloppyText.parse(typeAndAddress[1], IpAddress::parse));
        } catch (IllegalArgumentException e) {
            throw json.malformed(Excerpt.of(String.valueOf(e.getMessage())));
        }
    }

    @Override
    public Optional<Node> finish(NamespacedName name, Labels labels, JsonCursor json) {
        Map<String, String> needed = new TreeMap<>();
        NEEDED.forEach(key -> labels.get(key).ifPresent(value -> needed.put(key, value)));
        Labels kept = needed.isEmpty() ? Labels.none() : json.shared(Labels.of(needed));
        List<Prefix> blocks = podCidrs.isEmpty() ? podCidr : podCidrs;
        return Optional.of(new Node(name.name(), created, addresses, blocks, kept, leaving, ready));
    }
}
