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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;

/** The names below {@code svc.<domain>}: services, their ports, the hosts of headless ones (Kubernetes DNS specification 1.1.0, 2.3 to 2.5). */
record ServiceNames(int ttl, RandomGenerator random) {

    /** {@code path} is what stands left of {@code svc}, in lower case; at least one label. */
    Finding find(DnsView view, String[] path, Query query) {
        String namespace = path[path.length - 1];
        if (path.length == 1) {
            return view.namespaces().containsKey(namespace) ? Finding.NOTHING : Finding.MISSING;
        }
        if (path.length > 4) {
            return Finding.MISSING; // what a search list makes of external names mostly ends here
        }
        Optional<DnsService> service = view.services().get(new NamespacedName(namespace, path[path.length - 2]));
        return service.map(found -> find(found, path, query)).orElse(Finding.MISSING);
    }

    private Finding find(DnsService service, String[] path, Query query) {
        return switch (service) {
            case DnsService.External(String target) -> path.length == 2 ? alias(target) : Finding.MISSING;
            case DnsService.Virtual virtual -> virtual(virtual, path, query);
            case DnsService.Headless(var hosts) -> hosts.isEmpty() ? Finding.MISSING : headless(hosts, path, query);
        };
    }

    /** A target that is no domain name leaves the service's name without records. */
    private static Finding alias(String target) {
        try {
            return new Finding.Alias(DnsName.parse(target));
        } catch (IllegalArgumentException e) {
            return Finding.NOTHING;
        }
    }

    private Finding virtual(DnsService.Virtual service, String[] path, Query query) {
        List<DnsPort> ports = ports(service.ports(), path);
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

    private Finding headless(List<Host> hosts, String[] path, Query query) {
        if (path.length == 3 && !path[0].startsWith("_")) {
            List<Host> named =
                    hosts.stream().filter(host -> host.name().equals(path[0])).toList();
            return named.isEmpty() ? Finding.MISSING : hosts(named, path, query);
        }
        boolean anyPort = path.length == 2
                || hosts.stream().anyMatch(host -> !ports(host.ports(), path).isEmpty());
        if (!anyPort) {
            return Finding.MISSING;
        }
        return path.length == 3 ? Finding.NOTHING : hosts(hosts, path, query);
    }

    private Finding hosts(List<Host> hosts, String[] path, Query query) {
        RecordType type = query.question().type();
        boolean ports = type.equals(RecordType.SRV);
        if (!ports && (path.length == 4 || !type.equals(RecordType.A) && !type.equals(RecordType.AAAA))) {
            return Finding.NOTHING;
        }
        int enough = query.limit() / 16 + 2; // no record takes less than 16 bytes, so more than these never fit
        int start = hosts.size() > 1 ? random.nextInt(hosts.size()) : 0;
        List<RecordData> data = new ArrayList<>();
        List<ResourceRecord> additionals = new ArrayList<>();
        DnsName service = query.question().name().parent(path.length - 2);
        for (int i = 0; i < hosts.size() && data.size() < enough; i++) {
            Host host = hosts.get((start + i) % hosts.size());
            if (ports) {
                portsOf(host, path, service, hosts.size(), data, additionals);
            } else {
                data.addAll(Addresses.data(host.addresses(), type));
            }
        }
        Collections.shuffle(data, Random.from(random));
        return new Finding.Records(data, additionals);
    }

    private void portsOf(
            Host host,
            String[] path,
            DnsName service,
            int hosts,
            List<RecordData> data,
            List<ResourceRecord> additionals) {
        List<DnsPort> ports = path.length == 3 ? host.ports() : ports(host.ports(), path);
        if (!ports.isEmpty()) {
            DnsName target = service.child(host.name());
            ports.forEach(port -> data.add(new RecordData.Srv(0, weight(hosts), port.port(), target)));
            additionals.addAll(records(target, host.addresses()));
        }
    }

    /** The ports that {@code _port._proto} or {@code _proto} in front of a service's name mean; all where neither is given. */
    private static List<DnsPort> ports(List<DnsPort> ports, String[] path) {
        if (path.length == 2) {
            return ports;
        }
        String protocol = path[path.length - 3];
        return ports.stream()
                .filter(port -> protocol.equals("_" + port.protocol().name().toLowerCase(Locale.ROOT))
                        && (path.length == 3 || path[0].equals("_" + port.name())))
                .toList();
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
