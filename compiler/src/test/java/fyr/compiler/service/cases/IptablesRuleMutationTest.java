package fyr.compiler.service.cases;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.iptables.XtTracer;
import fyr.kernel.Tables;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtKey.ChainKey;
import fyr.kernel.iptables.XtKey.JumpKey;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTarget;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The cases prove something about mode iptables only if each kind of rule has a case that fails without it. */
class IptablesRuleMutationTest {

    /** What becomes of the cases' connections does not depend on these. */
    private static final Set<String> WITHOUT_EFFECT_HERE = Set.of(
            // The policy of FORWARD accepts everything here.
            "FILTER FORWARD: kubernetes forwarding rules Jump KUBE-FORWARD",
            "FILTER KUBE-FORWARD: kubernetes forwarding rules Accept",
            "FILTER KUBE-FORWARD: kubernetes forwarding conntrack rule Accept",
            // Only the packet of a tunnel around a masqueraded one would notice.
            "NAT KUBE-POSTROUTING:  SetMark",
            // Ports for health checks are in no case; this leads to their rules.
            "FILTER INPUT: kubernetes health check service ports Jump KUBE-NODEPORTS",
            // The set of nf_tables that refuses undefined ports refuses these as well (UndefinedPorts).
            "FILTER KUBE-SERVICES: has no endpoints Reject",
            // The hairpin rule of nf_tables does the same for pods of this node (MasqueradeRuleset).
            "NAT KUBE-SEP:  Jump KUBE-MARK-MASQ",
            // A remark for people.
            "NAT KUBE-FW: other traffic to will be dropped by KUBE-PROXY-FIREWALL Nothing");

    @ParameterizedTest
    @EnumSource
    void aCaseFailsWithoutTheRules(Family family) {
        Map<String, List<ServiceCase>> met = met(family);
        Set<String> all = new TreeSet<>();
        for (ServiceCase one : ServiceCases.all()) {
            all.addAll(kinds(CompiledScene.of(BackEnd.IPTABLES, one.scene(), family)
                    .last()
                    .kernel()));
        }
        assertThat(all).hasSizeGreaterThan(30).containsAll(WITHOUT_EFFECT_HERE);
        all.removeAll(WITHOUT_EFFECT_HERE);
        List<String> unproven = all.stream()
                .filter(kind -> met.getOrDefault(kind, List.of()).stream()
                        .noneMatch(one -> fails(one, without(one, family, kind), family)))
                .toList();
        assertThat(unproven).isEmpty();
    }

    /** Rules that say the same in chains for the same purpose are of one kind. */
    private static String kind(XtKey key, String chain, XtRule rule) {
        String target = rule.target() instanceof XtTarget.Jump(String to)
                ? "Jump " + withoutHash(to)
                : rule.target().getClass().getSimpleName();
        return key.table() + " " + withoutHash(chain) + ": "
                + withoutHash(rule.comment()).replaceAll("default/[a-z]+:[A-Z]+ ?|[0-9a-f.:\\[\\]]+:[0-9]+", "") + " "
                + target;
    }

    private static String withoutHash(String chain) {
        return chain.replaceFirst("-[A-Z2-7]{16}$", "");
    }

    private static Set<String> kinds(KernelPlan plan) {
        Set<String> kinds = new HashSet<>();
        plan.table(Tables.IPTABLES).forEach((key, entry) -> {
            switch (key) {
                case JumpKey(var _, var _, String chain, XtRule rule) -> kinds.add(kind(key, chain, rule));
                case ChainKey(var _, var _, String chain) ->
                    rules(entry).forEach(rule -> kinds.add(kind(key, chain, rule)));
            }
        });
        return kinds;
    }

    private static List<XtRule> rules(XtEntry entry) {
        return entry instanceof XtEntry.Chain(List<XtRule> rules) ? rules : List.of();
    }

    /** The cases that come by each kind of rules. */
    private static Map<String, List<ServiceCase>> met(Family family) {
        Map<String, List<ServiceCase>> met = new HashMap<>();
        for (ServiceCase one : ServiceCases.all()) {
            Set<String> kinds = new HashSet<>();
            for (Protocol protocol : one.protocols()) {
                TracedWay.outcomes(
                        (scene, plan, seed) -> path(scene, plan, seed, kinds),
                        CompiledScene.of(BackEnd.IPTABLES, one.scene(), family).kernel(),
                        one,
                        family,
                        protocol);
            }
            kinds.forEach(
                    kind -> met.computeIfAbsent(kind, _ -> new ArrayList<>()).add(one));
        }
        return met;
    }

    private static ConnectionPath path(Scene scene, KernelPlan plan, long seed, Set<String> kinds) {
        SplittableRandom random = new SplittableRandom(seed);
        return new KernelPath(scene, new IptablesHooks(scene, plan, random, step -> kinds.add(kind(step))), random);
    }

    private static String kind(XtTracer.Step step) {
        return kind(new ChainKey(Family.IPV4, step.table(), step.chain()), step.chain(), step.rule());
    }

    private static List<KernelPlan> without(ServiceCase one, Family family, String kind) {
        return CompiledScene.of(BackEnd.IPTABLES, one.scene(), family).kernel().stream()
                .map(plan -> plan.with(Tables.IPTABLES, without(plan.table(Tables.IPTABLES), kind)))
                .toList();
    }

    private static PersistentMap<XtKey, XtEntry> without(PersistentMap<XtKey, XtEntry> entries, String kind) {
        PersistentMap<XtKey, XtEntry> left = entries;
        for (Map.Entry<XtKey, XtEntry> entry : entries) {
            XtKey key = entry.getKey();
            left = switch (key) {
                case JumpKey(var _, var _, String chain, XtRule rule) ->
                    kind(key, chain, rule).equals(kind) ? left.without(key) : left;
                case ChainKey(var _, var _, String chain) ->
                    left.with(
                            key,
                            new XtEntry.Chain(rules(entry.getValue()).stream()
                                    .filter(rule -> !kind(key, chain, rule).equals(kind))
                                    .toList()));
            };
        }
        return left;
    }

    private static boolean fails(ServiceCase one, List<KernelPlan> plans, Family family) {
        return one.protocols().stream().anyMatch(protocol -> fails(one, plans, family, protocol));
    }

    private static boolean fails(ServiceCase one, List<KernelPlan> plans, Family family, Protocol protocol) {
        try {
            return !TracedWay.outcomes(BackEnd.IPTABLES::path, plans, one, family, protocol)
                    .equals(one.expected());
        } catch (TracedWay.UnequalOutcomes notSticky) {
            return true;
        }
    }
}
