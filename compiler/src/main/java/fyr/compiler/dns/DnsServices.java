package fyr.compiler.dns;

import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.name.DnsService;
import fyr.model.name.DnsService.DnsPort;
import fyr.model.name.DnsService.Host;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the name of one service resolves to (Kubernetes DNS specification 1.1.0, sections 2.3 to 2.5). */
final class DnsServices {

    private DnsServices() {}

    static Optional<DnsService> of(Service service, PersistentMap<NamespacedName, EndpointSlice> slices) {
        return switch (service.type()) {
            case EXTERNAL_NAME -> service.externalName().map(DnsService.External::new);
            case CLUSTER_IP, NODE_PORT, LOAD_BALANCER ->
                Optional.of(service.headless() ? headless(service, slices) : virtual(service));
        };
    }

    private static DnsService virtual(Service service) {
        List<DnsPort> ports = service.ports().stream()
                .filter(port -> !port.name().isEmpty())
                .map(port -> new DnsPort(port.name(), port.protocol(), port.port()))
                .toList();
        return new DnsService.Virtual(service.clusterIps(), ports);
    }

    /** One host for each name; an endpoint with addresses of both families is in two slices and becomes one host if it has a host name. */
    private static DnsService headless(Service service, PersistentMap<NamespacedName, EndpointSlice> slices) {
        TreeMap<String, Host> hosts = new TreeMap<>();
        slices.sorted().values().forEach(slice -> {
            List<DnsPort> ports = slice.ports().stream()
                    .filter(port -> !port.name().isEmpty())
                    .map(port -> new DnsPort(port.name(), port.protocol(), port.port()))
                    .toList();
            slice.endpoints().stream()
                    .filter(endpoint -> endpoint.ready() || service.publishNotReadyAddresses())
                    .forEach(endpoint -> {
                        String name = endpoint.hostname().orElseGet(() -> generated(endpoint));
                        hosts.merge(name, new Host(name, endpoint.addresses(), ports), DnsServices::merged);
                    });
        });
        return new DnsService.Headless(new ArrayList<>(hosts.values()));
    }

    private static Host merged(Host one, Host two) {
        TreeSet<IpAddress> addresses = new TreeSet<>(one.addresses());
        addresses.addAll(two.addresses());
        List<DnsPort> ports = new ArrayList<>(one.ports());
        two.ports().stream().filter(port -> !ports.contains(port)).forEach(ports::add);
        return new Host(one.name(), List.copyOf(addresses), ports);
    }

    /** An endpoint without a host name gets one derived from its address, as in CoreDNS: unique, and a legal label. */
    private static String generated(EndpointSlice.Endpoint endpoint) {
        IpAddress address = endpoint.addresses().getFirst();
        return address instanceof Ipv4Address
                ? address.toString().replace('.', '-')
                : address.toString().replace(':', '-').replaceAll("^-|-$", "0-0");
    }

    /**
     * The names of addresses, relative to the zone; an address may have any number of names, because pods on their node's network share its
     * address.
     */
    static Map<IpAddress, List<String>> pointers(NamespacedName name, DnsService service) {
        String suffix = name.name() + "." + name.namespace() + ".svc";
        Map<IpAddress, TreeSet<String>> pointers = new TreeMap<>();
        switch (service) {
            case DnsService.Virtual(List<IpAddress> addresses, var _) ->
                addresses.forEach(address -> pointers.put(address, new TreeSet<>(List.of(suffix))));
            case DnsService.Headless(List<Host> hosts) ->
                hosts.forEach(host -> host.addresses()
                        .forEach(address -> pointers.computeIfAbsent(address, _ -> new TreeSet<>())
                                .add(host.name() + "." + suffix)));
            case DnsService.External _ -> {}
        }
        Map<IpAddress, List<String>> lists = new TreeMap<>();
        pointers.forEach((address, names) -> lists.put(address, List.copyOf(names)));
        return lists;
    }
}
