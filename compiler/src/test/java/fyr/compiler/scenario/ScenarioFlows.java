package fyr.compiler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import fyr.model.ClusterSnapshot;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import fyr.policy.Endpoint;
import fyr.policy.Flow;
import fyr.policy.PolicyEvaluation;
import fyr.policy.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which pods may connect to which, of those that this node decides about: once as the semantics of policies say, and once as the packet rules
 * of the plan do. Both must say the same.
 */
final class ScenarioFlows {
    private static final int TCP = 6;
    private static final IpAddress OUTSIDE = IpAddress.parse("203.0.113.10");

    private final ClusterSnapshot objects;
    private final Set<Integer> ports;
    private final PolicyEvaluation evaluation;
    private final Tracer tracer;

    ScenarioFlows(ClusterSnapshot objects, Set<Integer> ports, PersistentMap<NftKey, NftObject> rules) {
        this.objects = objects;
        this.ports = new TreeSet<>(ports);
        this.evaluation = new PolicyEvaluation(objects);
        this.tracer = new Tracer(rules, new SplittableRandom(1));
    }

    /** An address, and everything that may be there: several pods may say that they have it. */
    private record End(String name, IpAddress address, List<Endpoint> claimants, boolean local) {}

    /** A line for each pair of pods and each pair of a pod and a host outside, with each port. */
    String text() {
        StringBuilder text = new StringBuilder();
        for (End source : ends()) {
            for (End destination : ends()) {
                boolean judged = source.local() || destination.local();
                boolean comparable =
                        source.address().family() == destination.address().family();
                if (judged && comparable && !source.name().equals(destination.name())) {
                    ports.forEach(port -> text.append("  %s -> %s port %d: %s\n"
                            .formatted(
                                    source.name(),
                                    destination.name(),
                                    port,
                                    allowed(source, destination, port) ? "accepted" : "denied")));
                }
            }
        }
        return text.toString();
    }

    private List<End> ends() {
        SortedMap<IpAddress, List<Pod>> pods = new TreeMap<>();
        for (Pod pod : objects.pods().sorted().values()) {
            if (pod.networked()) {
                pod.addresses()
                        .forEach(address -> pods.computeIfAbsent(address, _ -> new ArrayList<>())
                                .add(pod));
            }
        }
        List<End> ends = new ArrayList<>();
        pods.forEach((address, claimants) -> ends.add(new End(
                claimants.stream().map(pod -> pod.name().toString()).collect(Collectors.joining(" or ")) + " "
                        + address,
                address,
                claimants.stream()
                        .<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
                        .toList(),
                claimants.stream().anyMatch(Scenario::isLocal))));
        if (!ends.isEmpty()) {
            ends.add(new End("outside " + OUTSIDE, OUTSIDE, List.of(new Endpoint.OfAddress(OUTSIDE)), false));
        }
        return ends;
    }

    private boolean allowed(End source, End destination, int port) {
        boolean expected = source.claimants().stream()
                .allMatch(from -> destination.claimants().stream()
                        .allMatch(to -> allowed(source, destination, new Flow(from, to, TCP, port))));
        Packet packet = Packet.first(source.address(), destination.address(), TCP, 40_000, port);
        Trace trace = tracer.trace(NftHook.Point.FORWARD, packet);
        boolean known =
                source.claimants().size() == 1 && destination.claimants().size() == 1;
        if (known || !expected) {
            assertThat(trace.passed())
                    .as(() -> source + " to " + destination + "\n" + trace)
                    .isEqualTo(expected);
        }
        return trace.passed();
    }

    private boolean allowed(End source, End destination, Flow flow) {
        Verdict verdict = evaluation.evaluate(flow);
        return (!source.local() || verdict.egress().allowed())
                && (!destination.local() || verdict.ingress().allowed());
    }
}
