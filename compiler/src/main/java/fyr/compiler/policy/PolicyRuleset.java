package fyr.compiler.policy;

import fyr.compiler.feature.ServiceMode;
import fyr.compiler.guard.GuardPlan;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.service.frontend.Origins;
import fyr.compiler.service.frontend.TranslatedConnections;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The sets and chains of one family, which are the same for any policies.
 *
 * <p>One rule accepts established connections. Then the source's egress is judged, then the destination's ingress, see {@link Judgement}.
 * Packets to the node itself are not judged (traffic between a pod and its node cannot be forbidden), except queries to the cluster's DNS.
 * ICMP errors pass as related; other ICMP has no ports, so it passes only where a rule names no ports.
 */
final class PolicyRuleset {

    private final Family family;
    private final PacketFields fields;
    private final boolean ordered;
    private final ServiceMode mode;

    private PolicyRuleset(Family family, boolean ordered, ServiceMode mode) {
        this.family = family;
        this.ordered = ordered;
        this.mode = mode;
        fields = new PacketFields(family);
    }

    /** {@code ordered}: with what only pods with ordered rules need. */
    static void emit(Family family, boolean ordered, ServiceMode mode, BiConsumer<NftKey, NftObject> sink) {
        PolicyRuleset ruleset = new PolicyRuleset(family, ordered, mode);
        sink.accept(new NftKey.TableKey(family), new NftObject.Table());
        ruleset.sets(sink);
        ruleset.chain(sink, PolicyNames.FORWARD, Optional.of(ruleset.beforeLeaving()), ruleset.forward());
        ruleset.chain(sink, PolicyNames.INPUT, Optional.of(NftHook.Point.INPUT), ruleset.input());
        for (Direction direction : Direction.values()) {
            ruleset.chain(
                    sink,
                    PolicyNames.chain(direction),
                    Optional.empty(),
                    new Judgement(ruleset.fields, direction, PolicyNames.groups(direction)).rules());
        }
        if (ordered) {
            ruleset.orderedSets(sink);
            ruleset.orderedChains(sink);
        }
    }

    private void orderedSets(BiConsumer<NftKey, NftObject> sink) {
        NftField address = fields.address();
        for (Direction direction : Direction.values()) {
            set(sink, PolicyNames.orderedSubjects(direction), List.of(address));
            set(sink, PolicyNames.selfSubjects(direction), List.of(address));
            map(sink, PolicyNames.selfGroups(direction), address, false);
            for (PolicyNames.Ports ports : PolicyNames.Ports.values()) {
                set(sink, PolicyNames.deniedEveryone(direction, ports), key(List.of(Judgement.NUMBER), ports));
                set(
                        sink,
                        PolicyNames.deniedPeer(direction, ports),
                        key(List.of(Judgement.NUMBER, Judgement.NUMBER), ports));
            }
        }
    }

    private void orderedChains(BiConsumer<NftKey, NftObject> sink) {
        for (Direction direction : Direction.values()) {
            chain(
                    sink,
                    PolicyNames.orderedChain(direction),
                    Optional.empty(),
                    new Judgement(fields, direction, PolicyNames.groups(direction)).orderedRules());
            chain(
                    sink,
                    PolicyNames.selfChain(direction),
                    Optional.empty(),
                    new Judgement(fields, direction, PolicyNames.selfGroups(direction)).orderedRules());
        }
        chain(sink, PolicyNames.SELF_CHAIN, Optional.empty(), toItself());
    }

    private void sets(BiConsumer<NftKey, NftObject> sink) {
        NftField address = fields.address();
        map(sink, PolicyNames.PODS, address, false);
        map(sink, PolicyNames.BLOCKS, address, true);
        map(sink, PolicyNames.PORTS, NftField.INET_SERVICE, true);
        set(sink, PolicyNames.SELF, List.of(address, address));
        set(sink, PolicyNames.DNS, List.of(address));
        for (Direction direction : Direction.values()) {
            set(sink, PolicyNames.subjects(direction), List.of(address));
            map(sink, PolicyNames.groups(direction), address, false);
            for (PolicyNames.Ports ports : PolicyNames.Ports.values()) {
                List<NftField> everyone = key(List.of(Judgement.NUMBER), ports);
                List<NftField> peer = key(List.of(Judgement.NUMBER, Judgement.NUMBER), ports);
                set(sink, PolicyNames.everyone(direction, ports), everyone);
                set(sink, PolicyNames.peer(direction, ports), peer);
            }
        }
    }

    private static List<NftField> key(List<NftField> first, PolicyNames.Ports ports) {
        List<NftField> key = new ArrayList<>(first);
        switch (ports) {
            case ANY -> {}
            case ONE -> key.addAll(List.of(NftField.INET_PROTO, NftField.INET_SERVICE));
            case RANGE -> key.addAll(List.of(NftField.INET_PROTO, Judgement.NUMBER));
        }
        return key;
    }

    private void set(BiConsumer<NftKey, NftObject> sink, String name, List<NftField> key) {
        sink.accept(new NftKey.SetKey(family, name), new NftObject.Set(key, List.of(), false, false));
    }

    private void map(BiConsumer<NftKey, NftObject> sink, String name, NftField key, boolean interval) {
        sink.accept(new NftKey.SetKey(family, name), new NftObject.Set(List.of(key), Judgement.VALUE, false, interval));
    }

    private void chain(
            BiConsumer<NftKey, NftObject> sink, String name, Optional<NftHook.Point> point, List<NftRule> rules) {
        Optional<NftHook> hook = point.map(at -> new NftHook(NftHook.Type.FILTER, at, 0, false));
        sink.accept(new NftKey.ChainKey(family, name), new NftObject.Chain(hook, rules));
    }

    /**
     * The hook at which packets that the node forwards are judged. What IPVS sends to an endpoint does not pass the forward hook: the packet
     * was for the node itself.
     */
    private NftHook.Point beforeLeaving() {
        return switch (mode) {
            case NFTABLES, IPTABLES -> NftHook.Point.FORWARD;
            case IPVS -> NftHook.Point.POSTROUTING;
        };
    }

    /** At the postrouting hook these are the packets that came from no link. */
    private static NftRule ofTheNode() {
        List<NftExpression> expressions = new ArrayList<>(Origins.ofTheNode());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Accept()));
        return new NftRule("the node's own packets are not judged", expressions);
    }

    private List<NftRule> forward() {
        List<NftRule> rules = new ArrayList<>();
        if (beforeLeaving() == NftHook.Point.POSTROUTING) {
            rules.addAll(List.of(ofTheNode(), GuardPlan.encapsulatedHere(family)));
        }
        rules.addAll(List.of(GuardPlan.forwarding(), established()));
        TranslatedConnections.ways(mode).forEach(translated -> rules.add(self(translated)));
        rules.add(rule(
                "from a pod whose egress is isolated",
                fields.source(0),
                new NftExpression.Member(PolicyNames.subjects(Direction.EGRESS), 0, false),
                judge(Direction.EGRESS)));
        if (ordered) {
            rules.add(rule(
                    "from a pod with ordered rules for egress",
                    fields.source(0),
                    new NftExpression.Member(PolicyNames.orderedSubjects(Direction.EGRESS), 0, false),
                    judgeInOrder(Direction.EGRESS)));
        }
        rules.add(rule(
                "to a pod whose ingress is isolated",
                fields.destination(0),
                new NftExpression.Member(PolicyNames.subjects(Direction.INGRESS), 0, false),
                judge(Direction.INGRESS)));
        if (ordered) {
            rules.add(rule(
                    "to a pod with ordered rules for ingress",
                    fields.destination(0),
                    new NftExpression.Member(PolicyNames.orderedSubjects(Direction.INGRESS), 0, false),
                    judgeInOrder(Direction.INGRESS)));
        }
        return rules;
    }

    /**
     * Only through a service: otherwise a packet from a pod to itself does not leave the pod, so one that arrives without translation is
     * forged.
     */
    private NftRule self(List<NftExpression> translated) {
        List<NftExpression> expressions = new ArrayList<>(translated);
        expressions.add(fields.source(0));
        expressions.add(fields.destination(fields.words()));
        expressions.add(new NftExpression.Member(PolicyNames.SELF, 0, false));
        expressions.add(new NftExpression.Verdict(
                ordered ? new NftVerdict.Goto(PolicyNames.SELF_CHAIN) : new NftVerdict.Accept()));
        return new NftRule("a pod reaches itself through a service", expressions);
    }

    /** NetworkPolicy cannot forbid it; tiers of ordered rules can. */
    private List<NftRule> toItself() {
        return List.of(
                rule(
                        "from a pod with rules for egress",
                        fields.source(0),
                        new NftExpression.Member(PolicyNames.selfSubjects(Direction.EGRESS), 0, false),
                        new NftExpression.Verdict(new NftVerdict.Jump(PolicyNames.selfChain(Direction.EGRESS)))),
                rule(
                        "to a pod with rules for ingress",
                        fields.destination(0),
                        new NftExpression.Member(PolicyNames.selfSubjects(Direction.INGRESS), 0, false),
                        new NftExpression.Verdict(new NftVerdict.Jump(PolicyNames.selfChain(Direction.INGRESS)))),
                rule("a pod reaches itself", new NftExpression.Verdict(new NftVerdict.Accept())));
    }

    private List<NftRule> input() {
        List<NftRule> rules = new ArrayList<>(List.of(
                established(),
                rule(
                        "queries to the cluster's DNS from a pod whose egress is isolated",
                        fields.destination(0),
                        new NftExpression.Member(PolicyNames.DNS, 0, false),
                        fields.source(0),
                        new NftExpression.Member(PolicyNames.subjects(Direction.EGRESS), 0, false),
                        judge(Direction.EGRESS))));
        if (ordered) {
            rules.add(rule(
                    "queries to the cluster's DNS from a pod with ordered rules for egress",
                    fields.destination(0),
                    new NftExpression.Member(PolicyNames.DNS, 0, false),
                    fields.source(0),
                    new NftExpression.Member(PolicyNames.orderedSubjects(Direction.EGRESS), 0, false),
                    judgeInOrder(Direction.EGRESS)));
        }
        return rules;
    }

    private static NftExpression judge(Direction direction) {
        return new NftExpression.Verdict(new NftVerdict.Jump(PolicyNames.chain(direction)));
    }

    private static NftExpression judgeInOrder(Direction direction) {
        return new NftExpression.Verdict(new NftVerdict.Jump(PolicyNames.orderedChain(direction)));
    }

    private static NftRule established() {
        List<NftExpression> expressions = new ArrayList<>(
                PacketFields.ctBits(NftExpression.CtKey.STATE, PacketFields.CT_ESTABLISHED_OR_RELATED, 0));
        expressions.add(new NftExpression.Verdict(new NftVerdict.Accept()));
        return new NftRule("connections are judged once, when they begin", expressions);
    }

    private static NftRule rule(String comment, NftExpression... expressions) {
        return new NftRule(comment, List.of(expressions));
    }
}
