package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Assigns node ports to Services ({@code initNodePorts}, {@code updateNodePorts} and {@code allocHealthCheckNodePort} in
 * pkg/registry/core/service/storage/alloc.go). The lower band of the range is reserved for those who request a certain port (KEP-3668).
 */
final class NodePorts {
    private static final int FIRST = 30_000;
    private static final int LAST = 32_767;
    private static final int BAND = 86;

    /** Each port with the Service that has it. */
    private final Map<Integer, String> taken = new HashMap<>();

    private int next = FIRST + BAND;

    /** The assignments of one write; they take effect when the Service is stored. */
    private final class Operation {
        private final Set<Integer> ports = new HashSet<>();

        Optional<String> claim(int port) {
            if (port < FIRST || port > LAST) {
                return Optional.of(
                        "provided port is not in the valid range. The range of valid ports is " + FIRST + "-" + LAST);
            }
            return taken.containsKey(port) || !ports.add(port)
                    ? Optional.of("provided port is already allocated")
                    : Optional.empty();
        }

        int any(String what) {
            int size = LAST - FIRST + 1;
            for (int tried = 0; tried < size; tried++) {
                int port = FIRST + (next - FIRST + tried) % size;
                if (!taken.containsKey(port) && ports.add(port)) {
                    next = port + 1;
                    return port;
                }
            }
            throw internal("failed to allocate a " + what + ": range is full");
        }
    }

    private static StatusException internal(String why) {
        return StatusException.of(500, "InternalError", "Internal error occurred: " + why);
    }

    /** Completes the ports of a spec in place. */
    void complete(ObjectNode spec, Optional<JsonNode> before, List<Fault> faults) {
        Operation operation = new Operation();
        if (ServiceSpecs.hasNodePorts(spec)) {
            before.ifPresentOrElse(old -> update(spec, old, operation, faults), () -> create(spec, operation, faults));
        }
        if (faults.isEmpty()
                && ServiceSpecs.needsHealthCheck(spec)
                && !before.map(ServiceSpecs::needsHealthCheck).orElse(false)) {
            healthCheck(spec, operation);
        }
    }

    private static int wanted(JsonNode port) {
        return (int) Json.number(port, 0, "nodePort");
    }

    /** Ports of equal numbers and different protocols share a node port. */
    private static void create(ObjectNode spec, Operation operation, List<Fault> faults) {
        Map<Long, Integer> byPort = new HashMap<>();
        List<JsonNode> ports = List.copyOf(Json.items(spec, "ports"));
        for (int i = 0; i < ports.size() && faults.isEmpty(); i++) {
            ObjectNode port = (ObjectNode) ports.get(i);
            if (wanted(port) == 0 && !ServiceSpecs.allocatesNodePorts(spec)) {
                continue;
            }
            long number = Json.number(port, 0, "port");
            int shared = byPort.getOrDefault(number, 0);
            if (shared == 0) {
                int asked = asked(number, ports);
                if (asked != 0) {
                    claim(asked, i, operation, faults);
                }
                int given = asked != 0 ? asked : operation.any("nodePort");
                byPort.put(number, given);
                port.put("nodePort", given);
            } else if (wanted(port) == 0) {
                port.put("nodePort", shared);
            } else if (wanted(port) != shared) {
                claim(wanted(port), i, operation, faults);
            }
        }
    }

    /** The first node port that is asked for with this port. */
    private static int asked(long number, List<JsonNode> ports) {
        return ports.stream()
                .filter(port -> Json.number(port, 0, "port") == number && wanted(port) != 0)
                .findFirst()
                .map(NodePorts::wanted)
                .orElse(0);
    }

    private static void claim(int nodePort, int index, Operation operation, List<Fault> faults) {
        operation
                .claim(nodePort)
                .ifPresent(why -> faults.add(Fault.invalid("spec.ports[" + index + "].nodePort", nodePort, why)));
    }

    private static void update(ObjectNode spec, JsonNode old, Operation operation, List<Fault> faults) {
        List<Integer> had = ServiceSpecs.nodePorts(old);
        Set<String> seen = new HashSet<>();
        int i = 0;
        for (JsonNode each : Json.items(spec, "ports")) {
            ObjectNode port = (ObjectNode) each;
            int index = i++;
            if (wanted(port) == 0 && !ServiceSpecs.allocatesNodePorts(spec)) {
                continue;
            }
            if (wanted(port) == 0) {
                port.put("nodePort", operation.any("nodePort"));
            } else if (!had.contains(wanted(port)) && !operation.ports.contains(wanted(port))) {
                claim(wanted(port), index, operation, faults);
            }
            if (!faults.isEmpty()) {
                return;
            }
            String pair = Json.text(port, "protocol") + " " + wanted(port);
            if (!seen.add(pair)) {
                throw StatusException.of(500, "InternalError", "duplicate nodePort: {" + pair + "}");
            }
        }
    }

    private static void healthCheck(ObjectNode spec, Operation operation) {
        int asked = (int) Json.number(spec, 0, "healthCheckNodePort");
        if (asked == 0) {
            spec.put("healthCheckNodePort", operation.any("HealthCheck NodePort 0"));
        } else {
            operation.claim(asked).ifPresent(why -> {
                throw internal("failed to allocate requested HealthCheck NodePort " + asked + ": " + why);
            });
        }
    }

    /** The ports that a stored Service has. */
    private static List<Integer> held(JsonNode spec) {
        List<Integer> ports = new ArrayList<>();
        if (ServiceSpecs.hasNodePorts(spec)) {
            ports.addAll(ServiceSpecs.nodePorts(spec));
        }
        int check = (int) Json.number(spec, 0, "healthCheckNodePort");
        if (check != 0) {
            ports.add(check);
        }
        return ports;
    }

    void release(JsonNode spec, String owner) {
        // A Service that was stored without checks may name what another one has.
        held(spec).forEach(port -> taken.remove(port, owner));
    }

    void take(JsonNode spec, String owner) {
        held(spec).forEach(port -> taken.put(port, owner));
    }
}
