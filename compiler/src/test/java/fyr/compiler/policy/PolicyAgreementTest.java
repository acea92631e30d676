package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.guard.GuardPlan;
import fyr.compiler.policy.number.Numbers;
import fyr.compiler.policy.pods.Attached;
import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.policy.Endpoint;
import fyr.policy.Flow;
import fyr.policy.PolicyEvaluation;
import fyr.policy.Tiers;
import fyr.policy.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The compiled sets and chains treat packets as the evaluation treats flows. */
class PolicyAgreementTest {

    private static final int CLUSTERS = Integer.getInteger("fyr.policy.clusters", 150);
    private static final int FLOWS = 250;

    private int allowed;
    private int denied;
    private int contested;

    @Test
    void packetsFareAsTheEvaluationSays() {
        long first = Long.getLong("fyr.seed", 1);
        for (long seed = first; seed < first + CLUSTERS; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            int mask = seed % 4 == 0 ? 3 : Numbers.ALL_BITS;
            PolicyPlan plan = compile(cluster, Optional.empty(), mask);
            agree("seed " + seed, cluster, plan);
        }
        assertThat(allowed)
                .as("flows that were allowed by a rule or for want of isolation")
                .isGreaterThan(CLUSTERS);
        assertThat(denied).isGreaterThan(CLUSTERS);
        assertThat(contested)
                .as("flows that were dropped where several pods say to have an address")
                .isGreaterThan(CLUSTERS / 3);
    }

    @Test
    void anyRoadLeadsToTheSamePlan() {
        for (long seed = 1; seed <= 30; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            int mask = seed % 3 == 0 ? 3 : Numbers.ALL_BITS;
            Optional<PolicyPlan> previous = Optional.empty();
            for (int step = 0; step < 40; step++) {
                PolicyPlan incremental = compile(cluster, previous, mask);
                PolicyPlan fresh = compile(cluster, Optional.empty(), mask);
                assertThat(incremental.objects().equals(fresh.objects()))
                        .as("seed %d, step %d: %s", seed, step, difference(incremental, fresh))
                        .isTrue();
                PolicySharingTest.assertOneInstanceOfEach(incremental);
                if (step % 8 == 0) {
                    agree("seed " + seed + ", step " + step, cluster, incremental);
                }
                previous = Optional.of(incremental);
                cluster.step();
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

    private static PolicyPlan compile(RandomCluster cluster, Optional<PolicyPlan> previous, int mask) {
        return PolicyCompiler.compile(
                new PolicyPlan.Inputs(
                        cluster.snapshot(),
                        Tiers.of(cluster.snapshot()),
                        RandomCluster.NODE,
                        cluster.attachments(),
                        RandomCluster.DNS),
                previous,
                mask);
    }

    private void agree(String where, RandomCluster cluster, PolicyPlan plan) {
        Tracer tracer = new Tracer(plan.objects().withAll(GuardPlan.constant().sorted()), new SplittableRandom(1));
        PolicyEvaluation evaluation = new PolicyEvaluation(cluster.snapshot());
        for (int i = 0; i < FLOWS; i++) {
            boolean four = cluster.random().nextBoolean();
            IpAddress from = cluster.someAddress(four);
            IpAddress to = cluster.someAddress(four);
            int protocol =
                    cluster.random().nextInt(8) == 0 ? 1 : cluster.protocol().number();
            int port = cluster.port();
            List<Endpoint> sources = RandomCluster.DNS.contains(from) ? List.of() : endpoints(cluster, from);
            List<Endpoint> destinations = endpoints(cluster, to);
            List<Flow> flows = sources.stream()
                    .flatMap(source ->
                            destinations.stream().map(destination -> new Flow(source, destination, protocol, port)))
                    .toList();
            if (flows.size() == 1) {
                compare(where, cluster, tracer, evaluation.evaluate(flows.getFirst()), flows.getFirst());
            } else if (!flows.isEmpty() && flows.stream().noneMatch(PolicyAgreementTest::toItself)) {
                bound(where, cluster, tracer, evaluation, flows);
            }
        }
    }

    /**
     * Where several pods say to have an address, what passes may pass whoever of them has it, and what everybody may do passes. The flows
     * are of all whom the packet may come from to all whom it may go to.
     */
    private void bound(
            String where, RandomCluster cluster, Tracer tracer, PolicyEvaluation evaluation, List<Flow> flows) {
        for (Flow flow : flows) {
            Packet packet = packet(flow);
            boolean observed = passes(cluster, tracer, packet);
            assertThat(observed && !allowed(evaluation, flow, flow.source(), flow.destination()))
                    .as(() -> where + ": passes, though not allowed: " + flow + "\n"
                            + tracer.trace(hook(cluster, packet), packet))
                    .isFalse();
            contested += observed ? 0 : 1;
        }
        boolean everybodyMay = flows.stream()
                .allMatch(flow -> allowed(evaluation, flow, anybody(flow.source()), anybody(flow.destination())));
        Packet packet = packet(flows.getFirst());
        assertThat(everybodyMay && !passes(cluster, tracer, packet))
                .as(() -> where + ": dropped, though everybody may: " + flows)
                .isFalse();
    }

    /** Whether the source may go out to {@code destination} and {@code source} may come in. */
    private static boolean allowed(PolicyEvaluation evaluation, Flow flow, Endpoint source, Endpoint destination) {
        Flow out = new Flow(flow.source(), destination, flow.protocol(), flow.port());
        Flow in = new Flow(source, flow.destination(), flow.protocol(), flow.port());
        return (!local(flow.source()) || evaluation.evaluate(out).egress().allowed())
                && (!local(flow.destination())
                        || evaluation.evaluate(in).ingress().allowed());
    }

    private static Endpoint anybody(Endpoint end) {
        return end instanceof Endpoint.OfPod pod ? new Endpoint.OfAddress(pod.address()) : end;
    }

    private void compare(String where, RandomCluster cluster, Tracer tracer, Verdict verdict, Flow flow) {
        Packet packet = packet(flow);
        NftHook.Point point = hook(cluster, packet);
        boolean expected = (!local(flow.source()) || verdict.egress().allowed())
                && (!local(flow.destination()) || verdict.ingress().allowed());
        boolean observed = passes(cluster, tracer, packet);
        assertThat(observed)
                .as(() -> where + ": " + flow + " " + verdict + "\n" + tracer.trace(point, packet) + "\n"
                        + cluster.snapshot().policies().sorted().values() + cluster.attachments())
                .isEqualTo(expected);
        if (expected) {
            allowed++;
        } else {
            denied++;
        }
    }

    /** What the node sends is not judged. */
    private static boolean passes(RandomCluster cluster, Tracer tracer, Packet packet) {
        return cluster.snapshot().nodes().get("a").orElseThrow().addresses().contains(packet.source())
                || tracer.trace(hook(cluster, packet), packet).passed();
    }

    /** A pod reaches itself only through a service. */
    private static Packet packet(Flow flow) {
        Packet packet = Packet.first(
                flow.source().address(), flow.destination().address(), flow.protocol(), 40000, flow.port());
        return toItself(flow)
                ? packet.of(new Packet.Connection(
                        Packet.NEW,
                        Packet.DESTINATION_TRANSLATED,
                        0,
                        packet.source(),
                        RandomCluster.DNS.getFirst(),
                        flow.port()))
                : packet;
    }

    private static boolean toItself(Flow flow) {
        return flow.source() instanceof Endpoint.OfPod from
                && flow.destination() instanceof Endpoint.OfPod to
                && from.pod().name().equals(to.pod().name());
    }

    /** A packet with a pod's address as source and destination that was not translated is not a pod's packet to itself. */
    @Test
    void aForgedPacketToItselfIsJudged() {
        int judged = 0;
        for (long seed = 1; seed <= CLUSTERS; seed++) {
            RandomCluster cluster = new RandomCluster(seed);
            PolicyPlan plan = compile(cluster, Optional.empty(), Numbers.ALL_BITS);
            Tracer tracer =
                    new Tracer(plan.objects().withAll(GuardPlan.constant().sorted()), new SplittableRandom(1));
            for (Pod pod : cluster.snapshot().pods().sorted().values()) {
                for (IpAddress address : pod.addresses()) {
                    Packet forged = Packet.first(address, address, 17, 40000, 80);
                    Trace trace = tracer.trace(NftHook.Point.FORWARD, forged);
                    assertThat(trace.steps()).noneMatch(step -> step.rule().contains("itself") && step.completed());
                    judged += trace.passed() ? 0 : 1;
                }
            }
        }
        assertThat(judged).as("forged packets that were dropped").isPositive();
    }

    private static NftHook.Point hook(RandomCluster cluster, Packet packet) {
        boolean here = RandomCluster.DNS.contains(packet.destination())
                || cluster.snapshot().nodes().get("a").orElseThrow().addresses().contains(packet.destination());
        return here ? NftHook.Point.INPUT : NftHook.Point.FORWARD;
    }

    /** A node enforces for its own pods only. */
    private static boolean local(Endpoint endpoint) {
        return endpoint instanceof Endpoint.OfPod end && end.pod().node().equals(Optional.of(RandomCluster.NODE));
    }

    /**
     * Who may be at the address: the pod that was attached there, or all that say to be. Nobody where this is no matter of the evaluation,
     * as of pods that the API server has not told of.
     */
    private static List<Endpoint> endpoints(RandomCluster cluster, IpAddress address) {
        if (RandomCluster.DNS.contains(address)) {
            return List.of(new Endpoint.OfClusterDns(address));
        }
        Attached attached = Attached.of(cluster.attachments());
        Optional<Attached.Key> owner = Optional.ofNullable(attached.owners().get(address));
        if (owner.isPresent()) {
            return Attached.facts(cluster.snapshot(), owner.get()).stream()
                    .<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
                    .toList();
        }
        List<Pod> pods = cluster.snapshot().pods().sorted().values().stream()
                .filter(pod -> pod.networked() && pod.addresses().contains(address))
                .toList();
        if (pods.isEmpty()) {
            return List.of(new Endpoint.OfAddress(address));
        }
        // Once attached a pod has what it was given, be its status late.
        return pods.stream().anyMatch(attached::contains)
                ? List.of()
                : pods.stream()
                        .<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
                        .toList();
    }
}
