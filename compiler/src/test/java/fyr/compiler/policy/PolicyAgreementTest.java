package fyr.compiler.policy;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.guard.GuardPlan;
import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.address.IpAddress;
import fyr.policy.Endpoint;
import fyr.policy.Flow;
import fyr.policy.PolicyEvaluation;
import fyr.policy.Verdict;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the compiled sets and chains do to packets is what the evaluation says of flows. */
class PolicyAgreementTest {

    private static final int CLUSTERS = Integer.getInteger("fyr.policy.clusters", 150);
    private static final int FLOWS = 250;

    private int allowed;
    private int denied;

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
                new PolicyPlan.Inputs(cluster.snapshot(), RandomCluster.NODE, cluster.attachments(), RandomCluster.DNS),
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
            Flow flow = new Flow(endpoint(cluster, from), endpoint(cluster, to), protocol, cluster.port());
            if (!RandomCluster.DNS.contains(from)
                    && known(cluster.snapshot(), cluster, from)
                    && known(cluster.snapshot(), cluster, to)) {
                compare(where, cluster, tracer, evaluation.evaluate(flow), flow);
            }
        }
    }

    private void compare(String where, RandomCluster cluster, Tracer tracer, Verdict verdict, Flow flow) {
        Packet packet = packet(flow);
        boolean node =
                cluster.snapshot().nodes().get("a").orElseThrow().addresses().contains(packet.source());
        NftHook.Point point = hook(cluster, packet);
        boolean expected = (!local(flow.source()) || verdict.egress().allowed())
                && (!local(flow.destination()) || verdict.ingress().allowed());
        boolean observed = node || tracer.trace(point, packet).passed();
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

    /** A pod reaches itself through a service only. */
    private static Packet packet(Flow flow) {
        Packet packet = Packet.first(
                flow.source().address(), flow.destination().address(), flow.protocol(), 40000, flow.port());
        boolean self = flow.source() instanceof Endpoint.OfPod from
                && flow.destination() instanceof Endpoint.OfPod to
                && from.pod().name().equals(to.pod().name());
        return self
                ? packet.of(new Packet.Connection(
                        Packet.NEW, Packet.DESTINATION_TRANSLATED, 0, RandomCluster.DNS.getFirst(), flow.port()))
                : packet;
    }

    /** What has a pod's address as source and destination, and was not translated, is nobody's packet to itself. */
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
     * Attachments of pods that the API server has not told of are not a matter of the evaluation, nor are addresses that several pods say to
     * have.
     */
    private static boolean known(ClusterSnapshot snapshot, RandomCluster cluster, IpAddress address) {
        boolean[] unknown = {false};
        Set<NamespacedName> claims = new HashSet<>();
        cluster.attachments().forEach((key, attachment) -> {
            if (attachment.addresses().contains(address)) {
                claims.add(attachment.pod());
                unknown[0] |= Attached.facts(snapshot, new Attached.Key(attachment.pod(), attachment.podUid()))
                        .isEmpty();
            }
        });
        snapshot.pods().forEach((name, pod) -> {
            if (pod.addresses().contains(address)) {
                claims.add(name);
                // Once attached a pod has what it was given, be its status late.
                unknown[0] |= Attached.of(cluster.attachments()).contains(pod) && !attached(cluster, name, address);
            }
        });
        return !unknown[0] && claims.size() < 2;
    }

    private static Endpoint endpoint(RandomCluster cluster, IpAddress address) {
        if (RandomCluster.DNS.contains(address)) {
            return new Endpoint.OfClusterDns(address);
        }
        Optional<Pod> owner = cluster.snapshot().pods().sorted().values().stream()
                .filter(pod ->
                        pod.networked() && pod.addresses().contains(address) || attached(cluster, pod.name(), address))
                .min(Comparator.comparing(Pod::name));
        return owner.<Endpoint>map(pod -> new Endpoint.OfPod(pod, address))
                .orElseGet(() -> new Endpoint.OfAddress(address));
    }

    private static boolean attached(RandomCluster cluster, NamespacedName pod, IpAddress address) {
        boolean[] found = {false};
        cluster.attachments()
                .forEach((key, attachment) -> found[0] |=
                        attachment.pod().equals(pod) && attachment.addresses().contains(address));
        return found[0];
    }
}
