package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.AddressRange;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import fyr.model.policy.LabelSelector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** fyr.dev/v1alpha1 AddressPool. */
final class AddressPoolBody implements ObjectReader.Body<AddressPool> {

    /** Nobody reads more than this, and each of them costs time. */
    private static final int RANGES_MAX = 1_000;

    private String uid = "";
    private long created;
    private final List<AddressRange> ranges = new ArrayList<>();
    private final List<String> invalid = new ArrayList<>();
    private long priority;
    private boolean autoAssign = true;
    private boolean avoidBuggyIps;
    private Optional<LabelSelector> services = Optional.empty();
    private Optional<LabelSelector> namespaces = Optional.empty();
    private final long[] counts = new long[4];
    private List<Condition> conditions = List.of();

    @Override
    public boolean metadata(String name, JsonCursor json) {
        switch (name) {
            case "uid" -> uid = json.text();
            case "creationTimestamp" -> created = json.time();
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
            case "addresses" -> json.list(json::text).forEach(this::range);
            case "priority" -> priority = json.integer();
            case "autoAssign" -> autoAssign = json.absent() || json.flag();
            case "avoidBuggyIPs" -> avoidBuggyIps = json.flag();
            case "serviceSelector" -> services = json.absent() ? services : Optional.of(SelectorBody.read(json));
            case "namespaceSelector" -> namespaces = json.absent() ? namespaces : Optional.of(SelectorBody.read(json));
            default -> json.skip();
        }
    }

    private void range(String text) {
        try {
            if (ranges.size() < RANGES_MAX) {
                ranges.add(AddressRange.parse(text));
            } else if (invalid.size() < RANGES_MAX) {
                invalid.add(Excerpt.of(text) + ": a pool has at most " + RANGES_MAX + " ranges");
            }
        } catch (IllegalArgumentException e) {
            if (invalid.size() < RANGES_MAX) {
                invalid.add(Excerpt.of(String.valueOf(e.getMessage())));
            }
        }
    }

    private void status(String field, JsonCursor json) {
        switch (field) {
            case "assignedIPv4" -> counts[0] = json.integer();
            case "availableIPv4" -> counts[1] = json.integer();
            case "assignedIPv6" -> counts[2] = json.integer();
            case "availableIPv6" -> counts[3] = json.integer();
            case "conditions" -> conditions = json.list(() -> ConditionBody.read(json));
            default -> json.skip();
        }
    }

    @Override
    public Optional<AddressPool> finish(NamespacedName name, Labels labels, JsonCursor json) {
        PoolStatus status = new PoolStatus(counts[0], counts[1], counts[2], counts[3], conditions);
        return Optional.of(new AddressPool(
                name.name(),
                uid,
                created,
                ranges,
                invalid,
                priority,
                autoAssign,
                avoidBuggyIps,
                services,
                namespaces,
                status));
    }
}
