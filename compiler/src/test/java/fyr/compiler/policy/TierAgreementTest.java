package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.guard.GuardPlan;
import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.pods.Attached;
import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Tracer;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.policy.Action;
import fyr.policy.Endpoint;
import fyr.policy.Flow;
import fyr.policy.PolicyEvaluation;
import fyr.policy.Verdict;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** With tiers of ordered rules before and after NetworkPolicy, packets are treated as the evaluation treats flows. */
class TierAgreementTest {

    private static final int CLUSTERS = Integer.getInteger("fyr.policy.clusters", 150);
    private static final int FLOWS = 250;

    private final Map<Action, Integer> ruled = new EnumMap<>(Action.class);
    private int unknown;
    private int contested;
    private int toItself;
    private int byNetworkPolicy;

    @Test
    void packetsFareAsTheEvaluationSays() {
        long first = Long.getLong("fyr.seed", 1);
        for (long seed = first; seed < first + CLUSTERS; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            RandomTiers tiers = new RandomTiers(cluster, Action.values());
            int mask = seed % 4 == 0 ? 3 : Numbers.ALL_BITS;
            agree("seed " + seed, cluster, tiers, compile(cluster, tiers, Optional.empty(), mask));
        }
        assertThat(ruled.getOrDefault(Action.ACCEPT, 0)).isGreaterThan(3 * CLUSTERS);
        assertThat(ruled.getOrDefault(Action.DENY, 0)).isGreaterThan(3 * CLUSTERS);
        assertThat(byNetworkPolicy).isGreaterThan(CLUSTERS);
        assertThat(unknown).as("flows of pods that are not known, dropped").isGreaterThan(CLUSTERS);
        assertThat(contested).as("flows of addresses of several pods, passed").isGreaterThan(CLUSTERS / 3);
        assertThat(toItself).as("flows of pods to themselves, dropped").isGreaterThan(CLUSTERS / 10);
    }

    @Test
    void anyRoadLeadsToTheSamePlan() {
        for (long seed = 1; seed <= 30; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            RandomTiers tiers = new RandomTiers(cluster, Action.values());
            int mask = seed % 3 == 0 ? 3 : Numbers.ALL_BITS;
            Optional<PolicyPlan> previous = Optional.empty();
            for (int step = 0; step < 40; step++) {
                PolicyPlan incremental = compile(cluster, tiers, previous, mask);
                PolicyPlan fresh = compile(cluster, tiers, Optional.empty(), mask);
                assertThat(incremental.objects().equals(fresh.objects()))
                        .as("seed %d, step %d: %s", seed, step, difference(incremental, fresh))
                        .isTrue();
                PolicySharingTest.assertOneInstanceOfEach(incremental);
                if (step % 8 == 0) {
                    agree("seed " + seed + ", step " + step, cluster, tiers, incremental);
                }
                previous = Optional.of(incremental);
                if (cluster.random().nextInt(4) == 0) {
                    tiers.step();
                } else {
                    cluster.step();
                }
            }
        }
    }

    private static String difference(PolicyPlan incremental, PolicyPlan fresh) {
        StringBuilder text = new StringBuilder();
        fresh.objects()
                .differences(
                        incremental.objects(),
                        (key, was, is) -> text.append("\n").append(key + ": " + was + " instead of " + is));
        return text.toString();
    }

    private static PolicyPlan compile(
            RandomCluster cluster, RandomTiers tiers, Optional<PolicyPlan> previous, int mask) {
        return PolicyCompiler.compile(
                new PolicyPlan.Inputs(
                        cluster.snapshot(),
                        tiers.tiers(),
                        RandomCluster.NODE,
                        cluster.attachments(),
                        RandomCluster.DNS),
                previous,
                mask);
    }

    private void agree(String where, RandomCluster cluster, RandomTiers tiers, PolicyPlan plan) {
        Tracer tracer = new Tracer(plan.objects().withAll(GuardPlan.constant().sorted()), new SplittableRandom(1));
        PolicyEvaluation evaluation = new PolicyEvaluation(cluster.snapshot(), tiers.tiers());
        for (int i = 0; i < FLOWS; i++) {
            boolean four = cluster.random().nextBoolean();
            IpAddress from = cluster.someAddress(four);
            IpAddress to = cluster.random().nextInt(10) == 0 ? from : cluster.someAddress(four);
            int protocol =
                    cluster.random().nextInt(8) == 0 ? 1 : cluster.protocol().number();
            int port = cluster.port();
            Who source = who(cluster, from);
            Who destination = who(cluster, to);
            if (!RandomCluster.DNS.contains(from) && !source.late() && !destination.late()) {
                compare(where, cluster, tracer, evaluation, flows(source, destination, protocol, port));
            }
        }
    }

    /**
     * Who may be at an address.
     *
     * @param ends one that is certain, or all pods that claim the address
     * @param attached whether a pod is attached at the address of which nothing is known, so that its own rules are not known either
     * @param late whether an attached pod claims the address, but was given others
     */
    private record Who(List<Endpoint> ends, boolean attached, boolean late) {}

    private static Who who(RandomCluster cluster, IpAddress address) {
        if (RandomCluster.DNS.contains(address)) {
            return new Who(List.of(new Endpoint.OfClusterDns(address)), false, false);
        }
        Attached attached = Attached.of(cluster.attachments());
        Optional<Attached.Key> owner = Optional.ofNullable(attached.owners().get(address));
        if (owner.isPresent()) {
            Optional<Pod> known = Attached.facts(cluster.snapshot(), owner.get());
            return new Who(
                    List.of(known.<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
                            .orElseGet(() -> new Endpoint.OfUnknownPod(address))),
                    known.isEmpty(),
                    false);
        }
        List<Pod> pods = cluster.snapshot().pods().sorted().values().stream()
                .filter(pod -> pod.networked() && pod.addresses().contains(address))
                .toList();
        if (pods.isEmpty()) {
            boolean ofPods = cluster.snapshot().nodes().sorted().values().stream()
                    .map(Node::podCidrs)
                    .flatMap(List::stream)
                    .anyMatch(
                            block -> block.contains(address) && !block.address().equals(address));
            return new Who(
                    List.of(ofPods ? new Endpoint.OfUnknownPod(address) : new Endpoint.OfAddress(address)),
                    false,
                    false);
        }
        return new Who(
                pods.stream()
                        .<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
                        .toList(),
                false,
                pods.stream().anyMatch(attached::contains));
    }

    private static List<Possible> flows(Who source, Who destination, int protocol, int port) {
        List<Possible> flows = new ArrayList<>();
        for (Endpoint from : source.ends()) {
            for (Endpoint to : destination.ends()) {
                boolean self = from instanceof Endpoint.OfPod one
                        && to instanceof Endpoint.OfPod other
                        && one.pod().name().equals(other.pod().name());
                flows.add(new Possible(
                        new Flow(from, to, protocol, port, self), source.attached() || destination.attached()));
            }
        }
        return flows;
    }

    /** A flow of one of those who may be there; {@code bound} if the plan may drop what is allowed. */
    private record Possible(Flow flow, boolean bound) {
        boolean self() {
            return flow.throughService();
        }
    }

    private void compare(
            String where, RandomCluster cluster, Tracer tracer, PolicyEvaluation evaluation, List<Possible> flows) {
        boolean own = cluster.snapshot()
                .nodes()
                .get(RandomCluster.NODE)
                .orElseThrow()
                .addresses()
                .contains(flows.getFirst().flow().source().address());
        if (own || flows.size() > 1 && flows.stream().anyMatch(Possible::self) || severalHere(flows)) {
            return; // not judged; or a pod and another one that claims its address
        }
        Packet packet = packet(flows.getFirst());
        boolean observed = tracer.trace(hook(cluster, packet), packet).passed();
        for (Possible possible : flows) {
            Verdict verdict = evaluation.evaluate(possible.flow());
            boolean expected = allowed(possible.flow(), verdict);
            boolean exact = flows.size() == 1 && !possible.bound();
            assertThat(exact ? observed == expected : !observed || expected)
                    .as(() -> where + ": " + possible + " " + verdict + "\n"
                            + tracer.trace(hook(cluster, packet), packet))
                    .isTrue();
            count(possible.flow(), verdict, observed, flows.size());
        }
    }

    /** Of several local pods that claim an address without being attached, only the first is enforced. */
    private static boolean severalHere(List<Possible> flows) {
        return flows.stream()
                                .map(possible -> possible.flow().source())
                                .filter(TierAgreementTest::local)
                                .distinct()
                                .count()
                        > 1
                || flows.stream()
                                .map(possible -> possible.flow().destination())
                                .filter(TierAgreementTest::local)
                                .distinct()
                                .count()
                        > 1;
    }

    private static boolean allowed(Flow flow, Verdict verdict) {
        return (!local(flow.source()) || verdict.egress().allowed())
                && (!local(flow.destination()) || verdict.ingress().allowed());
    }

    private void count(Flow flow, Verdict verdict, boolean observed, int claimants) {
        boolean unknownEnd =
                flow.source() instanceof Endpoint.OfUnknownPod || flow.destination() instanceof Endpoint.OfUnknownPod;
        unknown += unknownEnd && !observed ? 1 : 0;
        contested += claimants > 1 && observed ? 1 : 0;
        toItself += flow.throughService() && !observed ? 1 : 0;
        Verdict.Side side = local(flow.source()) ? verdict.egress() : verdict.ingress();
        switch (side) {
            case Verdict.Ruled rule -> ruled.merge(rule.action(), 1, Integer::sum);
            case Verdict.Allowed _, Verdict.Denied _ -> byNetworkPolicy++;
            case Verdict.Exempt _, Verdict.NotIsolated _ -> {}
        }
    }

    private static Packet packet(Possible possible) {
        Flow flow = possible.flow();
        Packet packet = Packet.first(
                flow.source().address(), flow.destination().address(), flow.protocol(), 40000, flow.port());
        return possible.self()
                ? packet.of(new Packet.Connection(
                        Packet.NEW,
                        Packet.DESTINATION_TRANSLATED,
                        0,
                        packet.source(),
                        RandomCluster.DNS.getFirst(),
                        flow.port()))
                : packet;
    }

    private static NftHook.Point hook(RandomCluster cluster, Packet packet) {
        boolean here = RandomCluster.DNS.contains(packet.destination())
                || cluster.snapshot()
                        .nodes()
                        .get(RandomCluster.NODE)
                        .orElseThrow()
                        .addresses()
                        .contains(packet.destination());
        return here ? NftHook.Point.INPUT : NftHook.Point.FORWARD;
    }

    /** A node enforces for its own pods only. */
    private static boolean local(Endpoint endpoint) {
        return endpoint instanceof Endpoint.OfPod end && end.pod().node().equals(Optional.of(RandomCluster.NODE));
    }
}
