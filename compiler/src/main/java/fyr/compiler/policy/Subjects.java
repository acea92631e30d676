package fyr.compiler.policy;

import fyr.model.Pod;
import fyr.model.policy.NetworkPolicy;
import fyr.policy.Direction;
import fyr.policy.PolicyIndex;
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
final class Subjects {

    private final PolicyIndex policies;
    private final Map<Selection, Isolation> isolations = new HashMap<>();
    private final Map<Group, Group> groups = new HashMap<>();

    Subjects(PolicyIndex policies, Collection<Subject> known) {
        this.policies = policies;
        for (Subject subject : known) {
            for (Direction direction : Direction.values()) {
                subject.isolation(direction).ifPresent(this::remember);
            }
        }
    }

    private void remember(Isolation isolation) {
        isolations.putIfAbsent(isolation.selection(), isolation);
        groups.putIfAbsent(isolation.group(), isolation.group());
    }

    /** From nothing. */
    Subject make(LocalPods.LocalPod local) {
        List<NetworkPolicy> inNamespace = policies.in(local.name().namespace());
        return new Subject(
                local,
                inNamespace,
                isolation(Direction.INGRESS, local, inNamespace),
                isolation(Direction.EGRESS, local, inNamespace));
    }

    /** From what was known of the same pod. */
    Subject next(Subject known, LocalPods.LocalPod local) {
        if (!Selection.sameInstances(known.policies(), policies.in(local.name().namespace()))) {
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
                && policies.selectAlike(
                        after.get().name().namespace(),
                        before.get().labels(),
                        after.get().labels());
    }

    private Optional<Isolation> isolation(
            Direction direction, LocalPods.LocalPod local, List<NetworkPolicy> inNamespace) {
        if (local.pod().isEmpty()) {
            // Nothing at all: of this pod only the name is known yet.
            return inNamespace.stream().anyMatch(direction::isolatedBy)
                    ? Optional.of(isolation(new Selection(direction, List.of(), List.of())))
                    : Optional.empty();
        }
        Pod pod = local.pod().get();
        List<NetworkPolicy> isolating = new ArrayList<>();
        for (NetworkPolicy policy : inNamespace) {
            if (direction.isolatedBy(policy) && policy.podSelector().matches(pod.labels())) {
                isolating.add(policy);
            }
        }
        return isolating.isEmpty()
                ? Optional.empty()
                : Optional.of(isolation(new Selection(direction, isolating, pod.ports())));
    }

    private Isolation isolation(Selection selection) {
        return isolations.computeIfAbsent(selection, fresh -> {
            Group group = fresh.group();
            return new Isolation(fresh, groups.computeIfAbsent(group, _ -> group));
        });
    }
}
