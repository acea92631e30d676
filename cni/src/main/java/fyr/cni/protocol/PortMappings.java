package fyr.cni.protocol;

import fyr.model.HostPort;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@code runtimeConfig.portMappings} (CONVENTIONS.md of the CNI specification): {@code hostPort}, {@code containerPort},
 * {@code protocol}, {@code hostIP}.
 */
final class PortMappings {

    private final Map<HostPort.Place, HostPort> places = new HashMap<>();
    private final List<HostPort> ports = new ArrayList<>();

    private PortMappings() {}

    /**
     * The host ports that are asked for. A mapping without a host port asks for nothing: some runtimes make one of every declared port.
     *
     * @throws CniException INVALID_CONFIGURATION with the mapping and what is wrong with it
     */
    static List<HostPort> read(JsonNode mappings) {
        if (mappings.isMissingNode() || mappings.isNull()) {
            return List.of();
        }
        if (!mappings.isArray()) {
            throw refused("runtimeConfig.portMappings", "is not a list");
        }
        PortMappings all = new PortMappings();
        for (int i = 0; i < mappings.size(); i++) {
            all.add("runtimeConfig.portMappings[" + i + "]", mappings.path(i));
        }
        return List.copyOf(all.ports);
    }

    private void add(String at, JsonNode mapping) {
        if (!mapping.isObject()) {
            throw refused(at, "is not an object");
        }
        JsonNode hostPort = mapping.path("hostPort");
        if (isAbsent(hostPort) || (hostPort.isIntegralNumber() && hostPort.asDouble() == 0)) {
            return;
        }
        HostPort port = new HostPort(
                address(at + ".hostIP", mapping.path("hostIP")),
                protocol(at + ".protocol", mapping.path("protocol")),
                port(at + ".hostPort", hostPort),
                port(at + ".containerPort", mapping.path("containerPort")));
        for (HostPort.Place place : port.places()) {
            HostPort other = places.putIfAbsent(place, port);
            if (other != null) {
                throw refused(at, port + ": the pod asks for " + place + " twice; the other mapping is " + other);
            }
        }
        ports.add(port);
    }

    private static boolean isAbsent(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static int port(String at, JsonNode value) {
        if (!value.isInt() || value.intValue() < 1 || value.intValue() > 65535) {
            throw refused(at, shown(value) + " is not a port from 1 to 65535");
        }
        return value.intValue();
    }

    /** Kubernetes' default is TCP. */
    private static Protocol protocol(String at, JsonNode value) {
        if (isAbsent(value)) {
            return Protocol.TCP;
        }
        for (Protocol protocol : Protocol.values()) {
            if (value.isString() && protocol.name().equals(value.stringValue().toUpperCase(Locale.ROOT))) {
                return protocol;
            }
        }
        throw refused(at, shown(value) + " is not one of tcp, udp, sctp");
    }

    private static Optional<IpAddress> address(String at, JsonNode value) {
        if (isAbsent(value) || (value.isString() && value.stringValue().isEmpty())) {
            return Optional.empty();
        }
        try {
            if (value.isString()) {
                return Optional.of(IpAddress.parse(value.stringValue()));
            }
        } catch (IllegalArgumentException e) {
            // Reported below, with the same words as for what is not a text.
        }
        throw refused(at, shown(value) + " is not an IP address");
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "nothing" : "'" + value.asString(value.toString()) + "'";
    }

    private static CniException refused(String at, String why) {
        return new CniException(CniErrorCode.INVALID_CONFIGURATION, at + ": " + why);
    }
}
