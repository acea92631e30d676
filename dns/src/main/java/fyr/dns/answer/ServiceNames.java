package fyr.dns.answer;

import fyr.dns.message.DnsName;
import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResourceRecord;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsService;
import fyr.model.name.DnsService.DnsPort;
import fyr.model.name.DnsService.Host;
import fyr.model.name.DnsView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The names below {@code svc.<domain>}: services, their ports, the hosts of headless ones (Kubernetes DNS specification 1.1.0, 2.3 to 2.5). */
record ServiceNames(int ttl, RandomGenerator random, HostIndexes indexes) {

    /** {@code path} is the part to the left of {@code svc}, in lower case; at least one label. */
    Finding find(DnsView view, String[] path, Query query) {
        String namespace = path[path.length - 1];
        if (path.length == 1) {
            return view.namespaces().containsKey(namespace) ? Finding.NOTHING : Finding.MISSING;
        }
        if (path.length > 4) {
            return Finding.MISSING; // most external names with a search list suffix end here
        }
        NamespacedName name = new NamespacedName(namespace, path[path.length - 2]);
        Optional<DnsService> service = view.services().get(name);
        return service.map(found -> find(name, found, path, query)).orElse(Finding.MISSING);
    }

    private Finding find(NamespacedName name, DnsService service, String[] path, Query query) {
        return switch (service) {
            case DnsService.External(String target) -> path.length == 2 ? alias(target) : Finding.MISSING;
            case DnsService.Virtual virtual -> virtual(virtual, path, query);
            case DnsService.Headless headless ->
                headless.hosts().isEmpty() ? Finding.MISSING : headless(indexes.of(name, headless), path, query);
        };
    }

    /** If the target is not a domain name, the service's name has no records. */
    private static Finding alias(String target) {
        try {
            return new Finding.Alias(DnsName.parse(target));
        } catch (IllegalArgumentException e) {
            return Finding.NOTHING;
        }
    }

    private Finding virtual(DnsService.Virtual service, String[] path, Query query) {
        List<DnsPort> ports = service.ports().stream()
                .filter(port -> matches(port, portLabel(path)))
                .toList();
        if (path.length > 2 && ports.isEmpty()) {
            return Finding.MISSING;
        }
        RecordType type = query.question().type();
        if (path.length == 2 && !type.equals(RecordType.SRV)) {
            return Finding.of(Addresses.data(service.addresses(), type));
        }
        if (path.length == 3 || !type.equals(RecordType.SRV) || ports.isEmpty()) {
            return Finding.NOTHING;
        }
        DnsName target = query.question().name().parent(path.length - 2);
        List<RecordData> data = new ArrayList<>();
        ports.forEach(port -> data.add(new RecordData.Srv(0, weight(ports.size()), port.port(), target)));
        return new Finding.Records(data, records(target, service.addresses()));
    }

    private Finding headless(HostIndex hosts, String[] path, Query query) {
        RecordType type = query.question().type();
        if (path.length == 3 && !path[0].startsWith("_")) {
            List<Host> named = hosts.named(path[0]);
            return named.isEmpty() ? Finding.MISSING : named(named, path, query);
        }
        String label = portLabel(path);
        List<Host> withPort = hosts.withPort(label);
        if (path.length > 2 && withPort.isEmpty()) {
            return Finding.MISSING;
        }
        if (path.length != 3 && type.equals(RecordType.SRV)) {
            return ports(withPort, label, path, query);
        }
        return Finding.of(path.length == 2 ? pick(hosts.addresses(type), query) : List.of());
    }

    /** The hosts of one name: usually one. */
    private Finding named(List<Host> hosts, String[] path, Query query) {
        RecordType type = query.question().type();
        if (type.equals(RecordType.SRV)) {
            List<Host> withPort =
                    hosts.stream().filter(host -> !host.ports().isEmpty()).toList();
            return ports(withPort, HostIndex.ANY_PORT, path, query);
        }
        Set<RecordData> data = new LinkedHashSet<>();
        hosts.forEach(host -> data.addAll(Addresses.data(host.addresses(), type)));
        return Finding.of(pick(List.copyOf(data), query));
    }

    private Finding ports(List<Host> hosts, String label, String[] path, Query query) {
        DnsName service = query.question().name().parent(path.length - 2);
        List<RecordData> data = new ArrayList<>();
        List<ResourceRecord> additionals = new ArrayList<>();
        for (Host host : pick(hosts, query)) {
            DnsName target = service.child(host.name());
            host.ports().stream()
                    .filter(port -> matches(port, label))
                    .forEach(port -> data.add(new RecordData.Srv(0, weight(hosts.size()), port.port(), target)));
            additionals.addAll(records(target, host.addresses()));
        }
        return data.isEmpty() ? Finding.NOTHING : new Finding.Records(data, additionals);
    }

    /** As many as may fit into the answer, from a random position on, in random order. */
    private <T> List<T> pick(List<T> all, Query query) {
        if (all.size() < 2) {
            return all;
        }
        int enough = query.limit() / 16 + 2; // no record takes less than 16 bytes, so more than these never fit
        int start = random.nextInt(all.size());
        List<T> some = new ArrayList<>(Math.min(all.size(), enough));
        for (int i = 0; i < all.size() && i < enough; i++) {
            some.add(all.get((start + i) % all.size()));
        }
        Collections.shuffle(some, Random.from(random));
        return some;
    }

    /** {@code _http._tcp} or {@code _tcp}, if it precedes a service's name. */
    private static String portLabel(String[] path) {
        return switch (path.length) {
            case 3 -> path[0];
            case 4 -> path[0] + "." + path[1];
            default -> HostIndex.ANY_PORT;
        };
    }

    private static boolean matches(DnsPort port, String label) {
        return label.isEmpty() || label.equals(HostIndex.label(port)) || label.equals(HostIndex.protocol(port));
    }

    private List<ResourceRecord> records(DnsName name, List<IpAddress> addresses) {
        return addresses.stream()
                .map(address -> new ResourceRecord(name, ttl, Addresses.data(address)))
                .toList();
    }

    private static int weight(int sharers) {
        return Math.max(1, 100 / sharers);
    }
}
