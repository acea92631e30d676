package fyr.lab.check;

import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.policy.Endpoint;
import fyr.policy.Flow;
import fyr.policy.PolicyEvaluation;
import fyr.policy.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Probes every ordered pair of pods at every declared port of the second one in every family. Pods in their node's network are left out,
 * as the API leaves open what policies mean for them.
 */
public final class PairCheck {

    private static final Duration PATIENCE = Duration.ofMillis(1200);
    private static final int ROUNDS = 3;

    private final ClusterSnapshot snapshot;
    private final Map<NamespacedName, Path> networks;

    /**
     * @param networks the network namespaces of the running pods; others are left out
     */
    public PairCheck(ClusterSnapshot snapshot, Map<NamespacedName, Path> networks) {
        this.snapshot = snapshot;
        this.networks = Map.copyOf(networks);
    }

    private record Pair(Pod from, Pod to, IpAddress source, Probe probe) {}

    /**
     * Probes and judges. What does not agree at first is asked again, twice, since a policy takes a moment to arrive at every node; pods
     * that went meanwhile are left out. To be called on a platform thread.
     */
    public List<PairResult> run(Predicate<NamespacedName> from, Predicate<NamespacedName> to) {
        List<Pair> pairs = pairs(from, to);
        List<PairResult> results = new ArrayList<>(judge(pairs));
        for (int round = 1; round < ROUNDS && !results.stream().allMatch(PairResult::holds); round++) {
            List<Integer> open = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                if (!results.get(i).holds()) {
                    open.add(i);
                }
            }
            List<PairResult> again = judge(open.stream().map(pairs::get).toList());
            for (int i = 0; i < open.size(); i++) {
                results.set(open.get(i), again.get(i));
            }
        }
        results.removeIf(result -> !result.holds() && (isGone(result.from()) || isGone(result.to())));
        return results;
    }

    /** The file of a pod's network goes with the pod, and is of no other pod of its name. */
    private boolean isGone(NamespacedName pod) {
        return Optional.ofNullable(networks.get(pod)).filter(Files::exists).isEmpty();
    }

    private List<Pair> pairs(Predicate<NamespacedName> from, Predicate<NamespacedName> to) {
        SortedMap<NamespacedName, Pod> pods = snapshot.pods().sorted(networks::containsKey);
        pods.values().removeIf(pod -> !pod.networked());
        List<Pair> pairs = new ArrayList<>();
        for (Pod source : pods.values()) {
            for (Pod destination : pods.values()) {
                if (source != destination && from.test(source.name()) && to.test(destination.name())) {
                    addPairs(source, destination, pairs);
                }
            }
        }
        return pairs;
    }

    private void addPairs(Pod source, Pod destination, List<Pair> pairs) {
        Path network = Optional.ofNullable(networks.get(source.name())).orElseThrow();
        for (Pod.ContainerPort port : destination.ports()) {
            if (port.protocol() == Protocol.SCTP) {
                continue; // echo workloads do not speak it
            }
            for (IpAddress address : destination.addresses()) {
                source.address(address.family())
                        .ifPresent(own -> pairs.add(new Pair(
                                source, destination, own, new Probe(network, port.protocol(), address, port.port()))));
            }
        }
    }

    private List<PairResult> judge(List<Pair> pairs) {
        PolicyEvaluation policies = new PolicyEvaluation(snapshot);
        List<Optional<JsonNode>> answers =
                new Prober(PATIENCE).ask(pairs.stream().map(Pair::probe).toList());
        List<PairResult> results = new ArrayList<>();
        for (int i = 0; i < pairs.size(); i++) {
            results.add(judge(pairs.get(i), answers.get(i), policies));
        }
        return results;
    }

    private static PairResult judge(Pair pair, Optional<JsonNode> answer, PolicyEvaluation policies) {
        Probe probe = pair.probe();
        Verdict verdict = policies.evaluate(new Flow(
                new Endpoint.OfPod(pair.from(), pair.source()),
                new Endpoint.OfPod(pair.to(), probe.address()),
                probe.protocol().number(),
                probe.port()));
        boolean right =
                answer.map(PairCheck::who).filter(pair.to().name()::equals).isPresent();
        boolean ownSource = answer.map(json -> json.path("client").asString(""))
                .filter(client -> client.equals(pair.source().toString()))
                .isPresent();
        return new PairResult(
                pair.from().name(),
                pair.to().name(),
                probe.address(),
                probe.port(),
                probe.protocol(),
                verdict.allowed(),
                right,
                ownSource,
                words(verdict));
    }

    private static NamespacedName who(JsonNode answer) {
        return new NamespacedName(
                answer.path("namespace").asString(""), answer.path("pod").asString(""));
    }

    private static String words(Verdict verdict) {
        return verdict.egress().allowed() ? words("ingress", verdict.ingress()) : words("egress", verdict.egress());
    }

    private static String words(String direction, Verdict.Side side) {
        return switch (side) {
            case Verdict.NotIsolated _ -> "not isolated";
            case Verdict.Exempt(Verdict.Exemption exemption) -> "always allowed: " + exemption;
            case Verdict.Allowed allowed -> direction + " rule " + allowed.rule() + " of " + allowed.policy();
            case Verdict.Denied denied ->
                direction + " isolated by " + denied.isolatedBy().getFirst()
                        + denied.nearest()
                                .map(miss -> "; nearest: " + miss.policy() + ": " + miss.explanation())
                                .orElse("");
        };
    }
}
