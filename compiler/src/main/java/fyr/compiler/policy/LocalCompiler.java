package fyr.compiler.policy;

import fyr.compiler.policy.pods.Attached;
import fyr.compiler.policy.pods.Attached.Key;
import fyr.compiler.policy.pods.LocalPods;
import fyr.compiler.policy.pods.PodChanges;
import fyr.compiler.policy.rules.Group;
import fyr.compiler.policy.rules.Subject;
import fyr.compiler.policy.rules.Subjects;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.policy.Direction;
import fyr.policy.PolicyIndex;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which rules there are for each of the node's pods. */
final class LocalCompiler {

    private static final NftObject PRESENT = new NftObject.Element(Optional.empty(), new NftData.None());

    private final PolicyPlan.Inputs inputs;
    private final Optional<PolicyPlan> previous;

    LocalCompiler(PolicyPlan.Inputs inputs, Optional<PolicyPlan> previous) {
        this.inputs = inputs;
        this.previous = previous;
    }

    /** Everything except the elements, which need the groups' numbers. */
    PolicyPlan.Local compile(Optional<PodChanges> changes) {
        Attached attached = previous.filter(plan -> plan.inputs().attachments() == inputs.attachments())
                .map(plan -> plan.local().attached())
                .orElseGet(() -> Attached.of(inputs.attachments()));
        SortedMap<Key, LocalPods.LocalPod> pods = pods(attached, changes);
        SortedSet<String> namespaces = new TreeSet<>();
        pods.keySet().forEach(key -> namespaces.add(key.name().namespace()));
        PolicyIndex policies = policies(namespaces);
        return new PolicyPlan.Local(attached, subjects(pods, policies), namespaces, policies, Map.of());
    }

    private SortedMap<Key, LocalPods.LocalPod> pods(Attached attached, Optional<PodChanges> changes) {
        ClusterSnapshot snapshot = inputs.snapshot();
        if (previous.isEmpty() || changes.isEmpty()) {
            return LocalPods.of(snapshot, inputs.node(), attached);
        }
        Set<NamespacedName> changed =
                changes.get().withAttachments(previous.get().local().attached(), attached);
        SortedMap<Key, LocalPods.LocalPod> pods = new TreeMap<>();
        previous.get().local().subjects().forEach((key, subject) -> {
            if (!changed.contains(key.name())) {
                pods.put(key, subject.local());
            }
        });
        for (NamespacedName name : changed) {
            LocalPods.of(snapshot, inputs.node(), attached, name).forEach(pod -> pods.put(pod.key(), pod));
        }
        return pods;
    }

    private PolicyIndex policies(SortedSet<String> namespaces) {
        return previous.filter(plan -> plan.inputs().tiers().networkPolicies()
                        == inputs.tiers().networkPolicies())
                .filter(plan -> plan.local().namespaces().equals(namespaces))
                .map(plan -> plan.local().policies())
                .orElseGet(() -> PolicyIndex.of(inputs.tiers(), namespaces::contains));
    }

    private SortedMap<Key, Subject> subjects(SortedMap<Key, LocalPods.LocalPod> pods, PolicyIndex policies) {
        SortedMap<Key, Subject> known =
                previous.map(plan -> plan.local().subjects()).orElse(Collections.emptySortedMap());
        Subjects maker = new Subjects(
                new Subjects.Policies(
                        inputs.tiers(), policies, inputs.snapshot().namespaces()),
                previous.filter(plan -> !selectsAlike(plan.inputs())).isPresent(),
                known.values());
        SortedMap<Key, Subject> subjects = new TreeMap<>();
        pods.forEach((key, pod) -> subjects.put(
                key,
                Optional.ofNullable(known.get(key))
                        .map(subject -> maker.next(subject, pod))
                        .orElseGet(() -> maker.make(pod))));
        return same(subjects, known) ? known : subjects;
    }

    /** Whether tiers of ordered rules select the same pods as before, if those have not changed. */
    private boolean selectsAlike(PolicyPlan.Inputs before) {
        return before.tiers().sameOrdered(inputs.tiers())
                && (!inputs.tiers().ordered()
                        || before.snapshot().namespaces() == inputs.snapshot().namespaces());
    }

    private static boolean same(SortedMap<Key, Subject> left, SortedMap<Key, Subject> right) {
        return left.size() == right.size()
                && left.entrySet().stream().allMatch(entry -> right.get(entry.getKey()) == entry.getValue());
    }

    static Set<Group> groups(PolicyPlan.Local local, Direction direction) {
        Set<Group> groups = new LinkedHashSet<>();
        local.subjects().values().forEach(subject -> {
            subject.group(direction).ifPresent(groups::add);
            subject.selfIsolation(direction).ifPresent(isolation -> groups.add(isolation.group()));
        });
        return groups;
    }

    /** Includes the elements about the node's pods and its DNS. */
    PolicyPlan.Local withElements(PolicyPlan.Local local, Decisions decisions) {
        Map<NftKey, NftObject> elements = previous.filter(plan -> plan.decisions() == decisions)
                .filter(plan -> plan.local().subjects() == local.subjects()
                        && plan.local().attached() == local.attached())
                .filter(plan -> plan.inputs().dnsAddresses().equals(inputs.dnsAddresses()))
                .map(plan -> plan.local().elements())
                .orElseGet(() -> elements(local, decisions, inputs.dnsAddresses()));
        return new PolicyPlan.Local(local.attached(), local.subjects(), local.namespaces(), local.policies(), elements);
    }

    /** If several pods have one address, an attached pod has precedence, then the first by name. */
    private static Map<NftKey, NftObject> elements(
            PolicyPlan.Local local, Decisions decisions, List<IpAddress> dnsAddresses) {
        Map<NftKey, NftObject> elements = new HashMap<>();
        List<Subject> ordered = new ArrayList<>();
        local.subjects().values().stream()
                .filter(subject -> attached(local, subject))
                .forEach(ordered::add);
        local.subjects().values().stream()
                .filter(subject -> !attached(local, subject))
                .forEach(ordered::add);
        Set<IpAddress> taken = new LinkedHashSet<>();
        for (Subject subject : ordered) {
            for (IpAddress address : subject.local().addresses()) {
                if (taken.add(address)) {
                    add(elements, subject, address, decisions);
                }
            }
        }
        dnsAddresses.forEach(address -> elements.put(key(address, PolicyNames.DNS, bytes(address)), PRESENT));
        return elements;
    }

    private static boolean attached(PolicyPlan.Local local, Subject subject) {
        return local.attached().contains(subject.local().key());
    }

    private static void add(Map<NftKey, NftObject> elements, Subject subject, IpAddress address, Decisions decisions) {
        for (Direction direction : Direction.values()) {
            subject.group(direction).ifPresent(group -> {
                String subjects =
                        group.onlyAccepts() ? PolicyNames.subjects(direction) : PolicyNames.orderedSubjects(direction);
                elements.put(key(address, subjects, bytes(address)), PRESENT);
                elements.put(
                        key(address, PolicyNames.groups(direction), bytes(address)),
                        number(decisions, direction, group));
                subject.local().addresses().stream()
                        .filter(own -> own.family() == address.family())
                        .forEach(own -> {
                            elements.put(pair(address, own), PRESENT);
                            elements.put(pair(own, address), PRESENT);
                        });
            });
            subject.selfIsolation(direction).ifPresent(isolation -> {
                elements.put(key(address, PolicyNames.selfSubjects(direction), bytes(address)), PRESENT);
                elements.put(
                        key(address, PolicyNames.selfGroups(direction), bytes(address)),
                        number(decisions, direction, isolation.group()));
            });
        }
    }

    private static NftObject number(Decisions decisions, Direction direction, Group group) {
        return new NftObject.Element(Optional.empty(), Judgement.value(decisions.number(direction, group)));
    }

    private static NftKey pair(IpAddress source, IpAddress destination) {
        return key(source, PolicyNames.SELF, Bytes.concatenate(bytes(source), bytes(destination)));
    }

    private static NftKey key(IpAddress address, String set, Bytes key) {
        return new NftKey.ElementKey(address.family(), set, key);
    }

    private static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }
}
