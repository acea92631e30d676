package fyr.lab.check;

import fyr.model.ClusterSnapshot;
import fyr.model.Pod;
import fyr.model.Protocol;
import fyr.policy.PolicyEvaluation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Probes from pods, nodes, host-network pods and the machine outside: every declared port and one undeclared port of every pod, every service and
 * the cluster's DNS, in every family.
 */
public final class Check {

    private static final Duration PATIENCE = Duration.ofMillis(1200);
    private static final int ROUNDS = 3;

    private final ClusterSnapshot snapshot;
    private final Places places;
    private final Sources sources;
    private final Targets targets;

    public Check(ClusterSnapshot snapshot, Places places) {
        this.snapshot = snapshot;
        this.places = places;
        this.sources = new Sources(snapshot, places);
        this.targets = new Targets(snapshot, places);
    }

    /**
     * Probes and judges. What does not agree at first is asked again, twice, since a policy takes a moment to arrive at every node; pods
     * that went meanwhile are left out, since a probe that was not sent looks like one that was denied. To be called on a platform thread.
     *
     * @param from which names may ask
     * @param to which names may be asked
     * @throws IllegalArgumentException if that leaves nothing to ask
     */
    public List<CheckResult> run(Selection from, Selection to) {
        try (UndeclaredPorts undeclared = new UndeclaredPorts()) {
            List<Trial> trials = trials(from, to, undeclared);
            List<CheckResult> results = new ArrayList<>(judge(trials));
            for (int round = 1; round < ROUNDS && !results.stream().allMatch(CheckResult::holds); round++) {
                again(trials, results);
            }
            List<CheckResult> kept = new ArrayList<>();
            for (int i = 0; i < results.size(); i++) {
                if (!concernsWhatIsGone(trials.get(i))) {
                    kept.add(results.get(i));
                }
            }
            if (kept.isEmpty()) {
                throw new IllegalArgumentException("every pod that was to ask or to be asked went meanwhile");
            }
            return kept;
        }
    }

    private void again(List<Trial> trials, List<CheckResult> results) {
        List<Integer> open = new ArrayList<>();
        for (int i = 0; i < results.size(); i++) {
            if (!results.get(i).holds()) {
                open.add(i);
            }
        }
        List<CheckResult> second = judge(open.stream().map(trials::get).toList());
        for (int i = 0; i < open.size(); i++) {
            results.set(open.get(i), second.get(i));
        }
    }

    private List<CheckResult> judge(List<Trial> trials) {
        PolicyEvaluation policies = new PolicyEvaluation(snapshot);
        List<Optional<JsonNode>> answers =
                new Prober(PATIENCE).ask(trials.stream().map(Trial::probe).toList());
        List<CheckResult> results = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            results.add(trials.get(i).judge(answers.get(i), policies));
        }
        return results;
    }

    /** The file of a pod's network disappears with the pod, and never belongs to another pod of the same name. */
    private boolean concernsWhatIsGone(Trial trial) {
        return !Files.exists(trial.source().network())
                || trial.target().ends().stream()
                        .flatMap(end -> end.who().stream())
                        .anyMatch(pod -> Optional.ofNullable(places.pods().get(pod))
                                .filter(Files::exists)
                                .isEmpty());
    }

    private List<Trial> trials(Selection from, Selection to, UndeclaredPorts undeclared) {
        List<Source> inside = sources.inside(from);
        List<Source.Outside> outside = sources.outside(from);
        List<Pod> pods = targets.pods(to);
        List<Target> shared = new ArrayList<>(targets.services(to));
        shared.addAll(targets.dns(to));
        if (inside.isEmpty() && outside.isEmpty()) {
            throw nothing("from", from, sources.absent(from));
        } else if (pods.isEmpty() && shared.isEmpty()) {
            throw nothing("to", to, sources.absent(to));
        }
        for (Pod pod : pods) {
            shared.addAll(Targets.declared(pod));
            network(pod)
                    .flatMap(network -> undeclared.open(pod, network))
                    .ifPresent(port -> shared.addAll(Targets.pod(pod, Protocol.TCP, port, false)));
        }
        List<Trial> trials = new ArrayList<>();
        inside.forEach(source -> shared.forEach(target -> add(source, target, trials)));
        outside.forEach(source ->
                targets.nodePorts(source.asked(), to).forEach(target -> trials.add(new Trial(source, target))));
        outside.stream()
                .limit(1)
                .forEach(source ->
                        targets.dns(to).forEach(target -> trials.add(new Trial(source, Targets.unreachable(target)))));
        if (trials.isEmpty()) {
            throw new IllegalArgumentException("nothing to probe from '" + from.glob() + "' to '" + to.glob()
                    + "': from outside only node ports and DNS are asked");
        }
        return trials;
    }

    private Optional<Path> network(Pod pod) {
        return Optional.ofNullable(places.pods().get(pod.name()));
    }

    /** Not a pod and itself, nor two that have no family in common. */
    private static void add(Source source, Target target, List<Trial> trials) {
        boolean self = target.name().equals(source.name());
        boolean speaks =
                !source.seenFrom(Optional.empty(), target.address().family()).isEmpty();
        if (!self && speaks) {
            trials.add(new Trial(source, target));
        }
    }

    private static IllegalArgumentException nothing(String option, Selection selection, List<String> absent) {
        String what = absent.isEmpty()
                ? "there is nothing of that name: pods are NAMESPACE/NAME, nodes node:NAME, services service:NAMESPACE/NAME, others outside and dns; "
                        + "* stands for any characters"
                : "these pods do not run, or have no network of their own: " + String.join(", ", absent);
        return new IllegalArgumentException("--" + option + " '" + selection.glob() + "': " + what);
    }

    /** Names by a pattern in which {@code *} stands for any characters. */
    public record Selection(String glob) implements Predicate<String> {

        @Override
        public boolean test(String name) {
            String expression = java.util.stream.Stream.of(glob.split("\\*", -1))
                    .map(java.util.regex.Pattern::quote)
                    .collect(java.util.stream.Collectors.joining(".*"));
            return name.matches(expression);
        }
    }
}
