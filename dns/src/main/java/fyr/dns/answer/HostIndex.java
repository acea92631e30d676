package fyr.dns.answer;

import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.model.name.DnsService.DnsPort;
import fyr.model.name.DnsService.Host;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The hosts of a headless service, indexed so that no query walks through all of them: there may be thousands, and the AAAA query that
 * accompanies every A query usually finds nothing.
 */
record HostIndex(
        Map<String, List<Host>> byName,
        Map<String, List<Host>> byPort,
        List<RecordData> ipv4Addresses,
        List<RecordData> ipv6Addresses) {

    /** Stands for any port in {@link #withPort}. */
    static final String ANY_PORT = "";

    static HostIndex of(List<Host> hosts) {
        Map<String, List<Host>> byName = new HashMap<>();
        Map<String, List<Host>> byPort = new HashMap<>();
        Set<RecordData> ipv4Addresses = new LinkedHashSet<>();
        Set<RecordData> ipv6Addresses = new LinkedHashSet<>();
        for (Host host : hosts) {
            add(byName, host.name(), host);
            if (!host.ports().isEmpty()) {
                add(byPort, ANY_PORT, host);
            }
            for (DnsPort port : host.ports()) {
                add(byPort, protocol(port), host);
                add(byPort, label(port), host);
            }
            ipv4Addresses.addAll(Addresses.data(host.addresses(), RecordType.A));
            ipv6Addresses.addAll(Addresses.data(host.addresses(), RecordType.AAAA));
        }
        return new HostIndex(byName, byPort, List.copyOf(ipv4Addresses), List.copyOf(ipv6Addresses));
    }

    /** A host is added once, even if it has several ports of one protocol. */
    private static void add(Map<String, List<Host>> index, String key, Host host) {
        List<Host> some = index.computeIfAbsent(key, absent -> new ArrayList<>(1));
        if (some.isEmpty() || some.getLast() != host) {
            some.add(host);
        }
    }

    /** As it appears before a service's name: {@code _http._tcp}. */
    static String label(DnsPort port) {
        return "_" + port.name() + "." + protocol(port);
    }

    static String protocol(DnsPort port) {
        return "_" + port.protocol().name().toLowerCase(Locale.ROOT);
    }

    List<Host> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /** The hosts with a port: {@code _http._tcp}, {@code _tcp}, or any. */
    List<Host> withPort(String label) {
        return byPort.getOrDefault(label, List.of());
    }

    /** The data of all records of this type; none if it is neither A nor AAAA. */
    List<RecordData> addresses(RecordType type) {
        if (type.equals(RecordType.A)) {
            return ipv4Addresses;
        }
        return type.equals(RecordType.AAAA) ? ipv6Addresses : List.of();
    }
}
