package fyr.cni.protocol;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * What a runtime asks for in {@code runtimeConfig}. A runtime sends a capability only if the network's configuration claims it, so each
 * of these was asked for by name; what cannot be done is refused (code 2) rather than left out silently. Capabilities that
 * the kubelet or the runtime fulfil by themselves ({@code dns}, {@code cgroupPath}, {@code aliases}, annotations) are passed over.
 */
final class Capabilities {

    private static final Map<String, String> MISSING = new TreeMap<>(Map.of(
            "bandwidth", "bandwidth is not implemented yet",
            "ipRanges", "addresses come from the node's podCIDRs; ipRanges is not implemented",
            "ips", "static addresses are not implemented",
            "mac", "static Ethernet addresses are not implemented",
            "infinibandGUID", "pods have no InfiniBand links",
            "deviceID", "pods have no devices of the host"));

    private Capabilities() {}

    /**
     * Refuses what is asked for and cannot be done.
     *
     * @throws CniException UNSUPPORTED_FIELD with key and value
     */
    static void require(JsonNode runtimeConfig) {
        MISSING.forEach((key, reason) -> {
            JsonNode value = runtimeConfig.path(key);
            if (asksForSomething(value)) {
                throw new CniException(
                        CniErrorCode.UNSUPPORTED_FIELD, "runtimeConfig." + key + "=" + value + ": " + reason);
            }
        });
    }

    private static boolean asksForSomething(JsonNode value) {
        if (value.isContainer()) {
            return value.valueStream().anyMatch(Capabilities::asksForSomething);
        }
        return switch (value.getNodeType()) {
            case MISSING, NULL -> false;
            case STRING -> !value.stringValue().isEmpty();
            case NUMBER -> value.asDouble() != 0;
            case BOOLEAN -> value.booleanValue();
            case ARRAY, BINARY, OBJECT, POJO -> true;
        };
    }
}
