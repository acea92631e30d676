package fyr.lab.check;

import fyr.model.ClusterSnapshot;
import fyr.model.EndpointSlice;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.policy.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The possible targets in a lab: pods that echo, services that lead to such pods, and the cluster's DNS. */
final class Targets {

    private static final int DNS_PORT = 53;

    private final ClusterSnapshot snapshot;
    private final Places places;
    private final Map<IpAddress, Pod> pods = new HashMap<>();

    Targets(ClusterSnapshot snapshot, Places places) {
        this.snapshot = snapshot;
        this.places = places;
        snapshot.pods().forEach((_, pod) -> {
            if (!pod.finished() && !pod.hostNetwork()) {
                pod.addresses().forEach(address -> pods.put(address, pod));
            }
        });
    }

    /** The running pods of these names that have a network of their own. */
    List<Pod> pods(Predicate<String> wanted) {
        return snapshot.pods().sorted(places.pods()::containsKey).values().stream()
                .filter(pod -> pod.networked() && wanted.test(pod.name().toString()))
                .toList();
    }

    /** A pod at one port, with each of its addresses. */
    static List<Target> pod(Pod pod, Protocol protocol, int port, boolean declared) {
        return pod.addresses().stream()
                .map(address -> new Target(
                        pod.name().toString(),
                        address,
                        port,
                        protocol,
                        Probe.Question.ECHO,
                        declared,
                        List.of(end(pod, address, port))))
                .toList();
    }

    /** A pod at the ports that it declares. Workloads of a lab do not speak SCTP. */
    static List<Target> declared(Pod pod) {
        return pod.ports().stream()
                .filter(port -> port.protocol() != Protocol.SCTP)
                .flatMap(port -> pod(pod, port.protocol(), port.port(), true).stream())
                .toList();
    }

    private static Target.End end(Pod pod, IpAddress address, int port) {
        return new Target.End(new Endpoint.OfPod(pod, address), port, pod.node(), Optional.of(pod.name()));
    }

    /**
     * Services by their virtual addresses. A service is left out if its endpoints are not pods of the lab, because their answers are
     * unknown.
     */
    List<Target> services(Predicate<String> wanted) {
        List<Target> targets = new ArrayList<>();
        each(
                wanted,
                (service, port, family, ends) -> service.clusterIps().stream()
                        .filter(address -> address.family() == family)
                        .forEach(address -> targets.add(target(service, port, address, port.port(), ends))));
        return targets;
    }

    /** Services by their node ports at a node. */
    List<Target> nodePorts(Node node, Predicate<String> wanted) {
        List<Target> targets = new ArrayList<>();
        each(wanted, (service, port, family, ends) -> {
            if (port.nodePort() != 0) {
                node.addresses().stream()
                        .filter(address -> address.family() == family)
                        .forEach(address -> targets.add(target(service, port, address, port.nodePort(), ends)));
            }
        });
        return targets;
    }

    private interface PortVisitor {
        void visit(Service service, Service.Port port, Family family, List<Target.End> ends);
    }

    private void each(Predicate<String> wanted, PortVisitor visitor) {
        for (Service service : snapshot.services().sorted(_ -> true).values()) {
            boolean ours = service.type() != Service.Type.EXTERNAL_NAME
                    && !service.otherProxy()
                    && service.clusterIps().stream().noneMatch(places.dns()::contains); // asked as DNS
            if (!ours
                    || !wanted.test(name(service))
                            && !wanted.test(service.name().toString())) {
                continue;
            }
            for (Service.Port port : service.ports()) {
                for (Family family : families(service)) {
                    if (port.protocol() != Protocol.SCTP) {
                        ends(service, port, family).ifPresent(ends -> visitor.visit(service, port, family, ends));
                    }
                }
            }
        }
    }

    private static List<Family> families(Service service) {
        return service.clusterIps().stream().map(IpAddress::family).distinct().toList();
    }

    private static String name(Service service) {
        return "service:" + service.name();
    }

    private static Target target(
            Service service, Service.Port port, IpAddress address, int number, List<Target.End> ends) {
        return new Target(name(service), address, number, port.protocol(), Probe.Question.ECHO, true, ends);
    }

    /** Empty if one of them is no pod of the lab. */
    private Optional<List<Target.End>> ends(Service service, Service.Port port, Family family) {
        List<Target.End> ready = new ArrayList<>();
        List<Target.End> draining = new ArrayList<>();
        for (EndpointSlice slice : slices(service.name(), family)) {
            for (EndpointSlice.Port number : slice.ports()) {
                if (!number.name().equals(port.name()) || number.protocol() != port.protocol()) {
                    continue;
                }
                for (EndpointSlice.Endpoint endpoint : slice.endpoints()) {
                    IpAddress address = endpoint.addresses().getFirst();
                    Optional<Pod> pod = Optional.ofNullable(pods.get(address));
                    if (pod.isEmpty()) {
                        return Optional.empty();
                    }
                    boolean serves = endpoint.ready() || service.publishNotReadyAddresses();
                    if (serves || endpoint.draining()) {
                        (serves ? ready : draining).add(end(pod.get(), address, number.port()));
                    }
                }
            }
        }
        return Optional.of(ready.isEmpty() ? draining : ready);
    }

    private List<EndpointSlice> slices(NamespacedName service, Family family) {
        return snapshot.endpointSlices().get(service).stream()
                .flatMap(slices -> slices.sorted(_ -> true).values().stream())
                .filter(slice -> slice.family() == family)
                .toList();
    }

    /** The cluster's DNS. */
    List<Target> dns(Predicate<String> wanted) {
        List<Target> targets = new ArrayList<>();
        if (wanted.test("dns")) {
            for (IpAddress address : places.dns()) {
                Target.End end = new Target.End(
                        new Endpoint.OfClusterDns(address), DNS_PORT, Optional.empty(), Optional.empty());
                for (Protocol protocol : List.of(Protocol.UDP, Protocol.TCP)) {
                    targets.add(new Target("dns", address, DNS_PORT, protocol, Probe.Question.DNS, true, List.of(end)));
                }
            }
        }
        return targets;
    }

    /** The same target where nobody should answer. */
    static Target unreachable(Target target) {
        return new Target(
                target.name(),
                target.address(),
                target.port(),
                target.protocol(),
                target.question(),
                target.declared(),
                List.of());
    }
}
