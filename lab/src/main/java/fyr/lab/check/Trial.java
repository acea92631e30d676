package fyr.lab.check;

import fyr.lab.check.CheckResult.Expected;
import fyr.model.NamespacedName;
import fyr.policy.Endpoint;
import fyr.policy.Flow;
import fyr.policy.PolicyEvaluation;
import fyr.policy.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** One probe from one source to one target, and how its result is judged. */
record Trial(Source source, Target target) {

    /** One path that the probe may take. */
    private record Way(Endpoint source, Target.End end, Verdict verdict) {}

    Probe probe() {
        return new Probe(source.network(), target.protocol(), target.address(), target.port(), target.question());
    }

    CheckResult judge(Optional<JsonNode> answer, PolicyEvaluation policies) {
        List<Way> ways = ways(policies);
        Set<Boolean> verdicts = new HashSet<>();
        ways.forEach(way -> verdicts.add(way.verdict().allowed()));
        Expected expected = ways.isEmpty() || verdicts.equals(Set.of(false))
                ? Expected.DENY
                : verdicts.size() == 1 ? Expected.ALLOW : Expected.EITHER;
        Optional<NamespacedName> who = answer.flatMap(Trial::who);
        List<Way> taken = answer.isEmpty()
                ? List.of()
                : ways.stream()
                        .filter(way ->
                                way.end().who().isEmpty() || way.end().who().equals(who))
                        .toList();
        boolean seen = answer.isPresent() && sourceSeen(answer.get(), who);
        boolean holds = taken.isEmpty()
                ? answer.isEmpty() && expected != Expected.ALLOW
                : seen && taken.stream().anyMatch(way -> way.verdict().allowed());
        return new CheckResult(
                source.name(),
                target.name(),
                target.address(),
                target.port(),
                target.protocol(),
                target.declared(),
                expected,
                !taken.isEmpty(),
                seen,
                holds,
                because(ways));
    }

    private List<Way> ways(PolicyEvaluation policies) {
        List<Way> ways = new ArrayList<>();
        for (Target.End end : target.ends()) {
            for (Endpoint from : source.seenFrom(end.node(), target.address().family())) {
                Flow flow = new Flow(from, end.endpoint(), target.protocol().number(), end.port());
                ways.add(new Way(from, end, policies.evaluate(flow)));
            }
        }
        return ways;
    }

    /** A pod that reaches itself through a service is translated, so that its answer finds the way back. */
    private boolean sourceSeen(JsonNode answer, Optional<NamespacedName> who) {
        return switch (source) {
            case Source.OfPod(var pod, var _) ->
                target.question() == Probe.Question.DNS
                        || who.filter(pod.name()::equals).isPresent()
                        || pod.addresses().stream()
                                .anyMatch(own -> own.toString()
                                        .equals(answer.path("client").asString("")));
            case Source.OfNode _, Source.Outside _ -> true;
        };
    }

    private static Optional<NamespacedName> who(JsonNode answer) {
        return answer.has("pod")
                ? Optional.of(new NamespacedName(
                        answer.path("namespace").asString(""),
                        answer.path("pod").asString("")))
                : Optional.empty();
    }

    /** If there are several paths, the words for a denied one, because that is what people ask about. */
    private String because(List<Way> ways) {
        return ways.stream()
                .filter(way -> !way.verdict().allowed())
                .findFirst()
                .or(() -> ways.stream().findFirst())
                .map(way -> words(way.verdict()))
                .orElseGet(() -> switch (target.question()) {
                    case ECHO -> "no endpoints";
                    case DNS -> "only pods and nodes may ask";
                });
    }

    private static String words(Verdict verdict) {
        return verdict.egress().allowed() ? words("ingress", verdict.ingress()) : words("egress", verdict.egress());
    }

    private static String words(String direction, Verdict.Side side) {
        return switch (side) {
            case Verdict.NotIsolated _ -> "not isolated";
            case Verdict.Exempt(Verdict.Exemption exemption) -> "always allowed: " + exemption;
            case Verdict.Allowed allowed -> direction + " rule " + allowed.rule() + " of " + allowed.policy();
            case Verdict.Ruled ruled ->
                direction + " rule " + ruled.rule() + " of " + ruled.policy() + " in tier " + ruled.tier() + ": "
                        + ruled.action();
            case Verdict.Denied denied ->
                direction + " isolated by " + denied.isolatedBy().getFirst()
                        + denied.nearest()
                                .map(miss -> "; nearest: " + miss.policy() + ": " + miss.explanation())
                                .orElse("");
        };
    }
}
