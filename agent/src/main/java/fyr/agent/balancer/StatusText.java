package fyr.agent.balancer;

import fyr.model.address.IpAddress;
import fyr.model.balancer.BalancedService;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Statuses as JSON. */
final class StatusText {

    private static final JsonMapper JSON = new JsonMapper();

    private StatusText() {}

    /** The changed part of a Service's status, for a strategic merge patch: the conditions of others stay. */
    static String of(Assignment assignment, Instant now) {
        ObjectNode status = JSON.createObjectNode();
        assignment.addresses().ifPresent(addresses -> {
            ArrayNode ingress = status.putObject("loadBalancer").putArray("ingress");
            for (IpAddress address : addresses) {
                ObjectNode one = ingress.addObject();
                one.put("ip", address.toString());
                one.put("ipMode", "VIP");
            }
        });
        ObjectNode condition = status.putArray("conditions").addObject();
        assignment
                .condition()
                .ifPresentOrElse(
                        said -> fill(condition, said, now),
                        () -> condition.put("$patch", "delete").put("type", BalancedService.CONDITION));
        return status.toString();
    }

    /** The whole status of a pool, for a merge patch. */
    static String of(PoolStatus pool, Instant now) {
        ObjectNode status = JSON.createObjectNode();
        status.put("assignedIPv4", pool.assignedIpv4());
        status.put("availableIPv4", pool.availableIpv4());
        status.put("assignedIPv6", pool.assignedIpv6());
        status.put("availableIPv6", pool.availableIpv6());
        ArrayNode conditions = status.putArray("conditions");
        pool.conditions().forEach(condition -> fill(conditions.addObject(), condition, now));
        return status.toString();
    }

    private static void fill(ObjectNode json, Condition condition, Instant now) {
        json.put("type", condition.type());
        json.put("status", condition.holds() ? "True" : "False");
        json.put("reason", condition.reason());
        json.put("message", condition.message());
        json.put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }
}
