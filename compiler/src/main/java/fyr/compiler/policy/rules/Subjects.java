package fyr.compiler.policy.rules;

import fyr.compiler.policy.pods.LocalPods;
import fyr.model.Labels;
import fyr.model.Namespace;
import fyr.model.Pod;
import fyr.model.persistent.PersistentMap;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Action;
import fyr.policy.Direction;
import fyr.policy.PolicyIndex;
import fyr.policy.Tier;
import fyr.policy.TierPolicy;
import fyr.policy.Tiers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes subjects. Groups are large where many policies select one pod, so each exists once: what the known subjects have is found again by
 * its selection, and a group that is made anew gives way to one that is equal. From then on, groups differ if they are not the same.
 */
public final class Subjects {

    private final Policies policies;
    private final boolean changed;
    private final Map<Selection, Isolation> isolations = new HashMap<>();
    private final Map<Group, Group> groups = new HashMap<>();

    /**
     * What subjects are made from.
     *
     * @param index of the tier of NetworkPolicy
     */
    public record Policies(Tiers tiers, PolicyIndex index, PersistentMap<String, Namespace> namespaces) {}

    /**
     * With what is known.
     *
     * @param changed whether tiers of ordered rules, or the namespaces that they select, have changed since then
     */
    public Subjects(Policies policies, boolean changed, Collection<Subject> known) {
        this.policies = policies;
        this.changed = changed;
        for (Subject subject : known) {
            for (Direction direction : Direction.values()) {
                subject.isolation(direction).ifPresent(this::remember);
                subject.selfIsolation(direction).ifPresent(this::remember);
            }
        }
    }

    private void remember(Isolation isolation) {
        isolations.putIfAbsent(isolation.selection(), isolation);
        groups.putIfAbsent(isolation.group(), isolation.group());
    }

    /** From nothing. */
    public Subject make(LocalPods.LocalPod local) {
        List<NetworkPolicy> inNamespace = policies.index().in(local.name().namespace());
        Selection ingress = selection(Direction.INGRESS, local, inNamespace);
        Selection egress = selection(Direction.EGRESS, local, inNamespace);
        boolean known = local.pod().isPresent();
        String namespace = local.name().namespace();
        return new Subject(
                local,
                inNamespace,
                isolation(ingress),
                isolation(egress),
                isolation(known || !mayDeny(Direction.INGRESS, namespace) ? ingress.toItself() : ingress),
                isolation(known || !mayDeny(Direction.EGRESS, namespace) ? egress.toItself() : egress));
    }

    /** From what was known of the same pod. */
    public Subject next(Subject known, LocalPods.LocalPod local) {
        List<NetworkPolicy> inNamespace = policies.index().in(local.name().namespace());
        if (changed || !Selection.sameInstances(known.policies(), inNamespace)) {
            return make(local);
        }
        if (known.local().sameAs(local)) {
            return known;
        }
        return selectedAlike(known.local().pod(), local.pod()) ? known.isolatedAsBefore(local) : make(local);
    }

    private boolean selectedAlike(Optional<Pod> before, Optional<Pod> after) {
        return before.isPresent()
                && after.isPresent()
                && before.get().ports().equals(after.get().ports())
                && !policies.tiers().ordered()
                && policies.index()
                        .selectAlike(
                                after.get().name().namespace(),
                                before.get().labels(),
                                after.get().labels());
    }

    private Selection selection(Direction direction, LocalPods.LocalPod local, List<NetworkPolicy> inNamespace) {
        if (local.pod().isEmpty()) {
            // Nothing at all: of this pod only the name is known yet.
            boolean denied = inNamespace.stream().anyMatch(direction::isolatedBy)
                    || mayDeny(direction, local.name().namespace());
            return denied
                    ? Selection.nothing(direction)
                    : Selection.of(direction, List.of(), List.of(), List.of(), List.of());
        }
        Pod pod = local.pod().get();
        List<NetworkPolicy> isolating = new ArrayList<>();
        for (NetworkPolicy policy : inNamespace) {
            if (direction.isolatedBy(policy) && policy.podSelector().matches(pod.labels())) {
                isolating.add(policy);
            }
        }
        return Selection.of(
                direction,
                selecting(policies.tiers().before(), pod),
                isolating,
                selecting(policies.tiers().after(), pod),
                pod.ports());
    }

    private List<List<TierPolicy>> selecting(List<Tier> tiers, Pod pod) {
        if (tiers.isEmpty()) {
            return List.of();
        }
        Labels namespace = labels(pod.name().namespace());
        return tiers.stream()
                .map(tier -> tier.policies().stream()
                        .filter(policy -> policy.subject().matches(pod, namespace))
                        .toList())
                .toList();
    }

    /** Whether a rule denies something to pods of the namespace. A namespace that is not known may have any labels. */
    private boolean mayDeny(Direction direction, String namespace) {
        boolean known = policies.namespaces().containsKey(namespace);
        return policies.tiers()
                .policies()
                .filter(policy -> policy.rules(direction).stream().anyMatch(rule -> rule.action() == Action.DENY))
                .anyMatch(policy -> !known || policy.subject().matchesNamespace(namespace, labels(namespace)));
    }

    private Labels labels(String namespace) {
        return PolicyIndex.namespaceLabels(policies.namespaces(), namespace);
    }

    private Optional<Isolation> isolation(Selection selection) {
        if (!selection.any()) {
            return Optional.empty();
        }
        return Optional.of(isolations.computeIfAbsent(selection, fresh -> {
            Group group = Group.of(fresh);
            return new Isolation(fresh, groups.computeIfAbsent(group, _ -> group));
        }));
    }
}
