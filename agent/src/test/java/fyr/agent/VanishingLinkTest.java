package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.NodePlan;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.Tables;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.kernel.route.RouteKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.FakeKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pod's link disappears after the loop has listed the links and before the reconciler reads the routes and neighbours. */
class VanishingLinkTest {

    private static final ClusterSketch CLUSTER = ClusterSketch.empty()
            .node("node1", List.of("192.0.2.11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
            .node("node2", List.of("192.0.2.12"), List.of("10.244.2.0/24"));
    private static final PersistentMap<String, Attachment> PODS =
            PersistentMap.of(Map.of("c1/eth0", pod(1), "c2/eth0", pod(2), "c3/eth0", pod(3)));

    private final FakeKernel kernel = new FakeKernel();

    /** The links that the agent takes for present; those that a DEL is removing are among them. */
    private final Map<String, Boolean> listed = new ConcurrentHashMap<>();

    /** The links that the kernel has. */
    private final Set<String> existing = ConcurrentHashMap.newKeySet();

    private final AtomicInteger questions = new AtomicInteger();
    private final AtomicInteger heals = new AtomicInteger();
    private final Queue<Runnable> whenPlanned = new ConcurrentLinkedQueue<>();
    private final List<Observation> seen = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
    private final AgentLoop loop = new AgentLoop(
            new Inbox(),
            new NodeReconciler(kernel, seen::add),
            new IdentityFinder(Options.of(List.of(), List.of()), kernel.hostLinks(), NeededHosts::none),
            new LivePods(this::list, this::listAgain, existing::contains, heals::incrementAndGet, seen::add),
            new RoundFollower() {
                @Override
                public void planned(NodePlan plan) {
                    Optional.ofNullable(whenPlanned.poll()).ifPresent(Runnable::run);
                }

                @Override
                public boolean ended(Round round) {
                    rounds.add(round);
                    return true;
                }
            },
            failure -> {
                throw new AssertionError(failure);
            });

    private static Attachment pod(int number) {
        return new Attachment(
                "c" + number,
                "eth0",
                "fyr" + number,
                MacAddress.local(number),
                List.of(IpAddress.parse("10.244.1." + number), IpAddress.parse("fd00:10:244:1::" + number)),
                new NamespacedName("default", "pod" + number));
    }

    private static RouteKey route(int number) {
        return new RouteKey(Prefix.parse("10.244.1." + number + "/32"));
    }

    private Map<String, Boolean> list() {
        return Map.copyOf(listed);
    }

    private Set<String> listAgain() {
        questions.incrementAndGet();
        return existing;
    }

    /** The first half of a DEL. */
    private void delete(int number) {
        existing.remove("fyr" + number);
        kernel.links.delete("fyr" + number);
    }

    /** The second half of a DEL. */
    private void detach(int number) {
        listed.remove("fyr" + number);
        var unused = loop.inbox().attachments(PODS.without("c" + number + "/eth0"), Optional.empty());
    }

    @BeforeEach
    void start() throws Exception {
        for (Attachment pod : List.of(pod(1), pod(2), pod(3))) {
            listed.put(pod.hostLink(), true);
            existing.add(pod.hostLink());
            kernel.links.addOther(pod.hostLink());
        }
        loop.inbox().snapshot(CLUSTER.snapshot());
        var unused = loop.inbox().attachments(PODS, Optional.empty());
        loop.start();
        assertThat(next()).isInstanceOf(Round.Applied.class);
        seen.clear();
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    private Round next() throws InterruptedException {
        return Optional.ofNullable(rounds.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    /** An event that makes the loop list the links and puts the tables of routes and neighbours in doubt. */
    private Round roundAfterEvent() throws InterruptedException {
        loop.inbox().event(new KernelEvent.Changed(Subject.LINK, false, "eth1"));
        return next();
    }

    private List<String> troubles() {
        return seen.stream()
                .filter(each -> !(each instanceof Observation.Applied))
                .map(Observation::text)
                .toList();
    }

    @Test
    void whatGoesWithALinkThatIsBeingRemovedIsNeitherDriftNorFailure() throws Exception {
        whenPlanned.add(() -> delete(1));
        assertThat(roundAfterEvent()).isInstanceOf(Round.Applied.class);
        assertThat(troubles()).isEmpty();
        assertThat(kernel.routes.contents).doesNotContainKey(route(1)).containsKey(route(2));
        assertThat(heals).as("the DEL needs no help").hasValue(0);
        detach(1);
        assertThat(next()).isInstanceOf(Round.Applied.class);
        assertThat(troubles()).isEmpty();
    }

    @Test
    void aRoundBeforeTheEndOfTheDelIsSilentToo() throws Exception {
        whenPlanned.add(() -> delete(1));
        roundAfterEvent();
        assertThat(roundAfterEvent()).isInstanceOf(Round.Applied.class);
        assertThat(troubles()).isEmpty();
    }

    /** As when the pod's namespace ends without a DEL. */
    @Test
    void aLinkThatNobodyIsRemovingIsGivenBack() throws Exception {
        whenPlanned.add(() -> {
            delete(1);
            listed.remove("fyr1");
        });
        roundAfterEvent();
        loop.inbox().event(new KernelEvent.Changed(Subject.ROUTE, false, ""));
        assertThat(next()).isInstanceOf(Round.Applied.class);
        assertThat(heals).hasValue(1);
        assertThat(troubles()).isEmpty();
    }

    @Test
    void severalLinksMayVanishOneAfterTheOther() throws Exception {
        whenPlanned.add(() -> delete(1));
        whenPlanned.add(() -> delete(2));
        assertThat(roundAfterEvent()).isInstanceOf(Round.Applied.class);
        assertThat(troubles()).isEmpty();
        assertThat(kernel.routes.contents)
                .doesNotContainKeys(route(1), route(2))
                .containsKey(route(3));
    }

    @Test
    void driftOfAnotherPodInTheSameRoundIsReportedOnce() throws Exception {
        whenPlanned.add(() -> {
            delete(1);
            kernel.routes.contents.remove(route(2));
        });
        assertThat(roundAfterEvent()).isInstanceOf(Round.Applied.class);
        assertThat(kernel.routes.contents).containsKey(route(2));
        assertThat(troubles()).containsExactly("drift repaired: routes 10.244.1.2/32");
        detach(1);
        next();
        roundAfterEvent();
        assertThat(troubles()).hasSize(1);
    }

    @Test
    void aFailureThatRemainsIsReportedAndTheVanishedLinkIsNot() throws Exception {
        whenPlanned.add(() -> {
            delete(1);
            kernel.routes.contents.remove(route(2));
            kernel.routes.others.add(route(2));
        });
        assertThat(roundAfterEvent()).isInstanceOf(Round.PartlyApplied.class);
        assertThat(troubles())
                .isNotEmpty()
                .allMatch(text -> text.startsWith("not applied: routes: ") && text.contains("10.244.1.2/32: EEXIST"));
        kernel.routes.others.clear();
        while (!(next() instanceof Round.Applied)) {}
        assertThat(troubles().getLast()).isEqualTo("drift repaired: routes 10.244.1.2/32");
    }

    @Test
    void aFailureInTheSameRoundIsReportedEvenIfItDoesNotRemain() throws Exception {
        whenPlanned.add(() -> {
            delete(1);
            kernel.routes.contents.remove(route(2));
            kernel.routes.others.add(route(2));
        });
        whenPlanned.add(() -> kernel.routes.others.clear());
        assertThat(roundAfterEvent()).isInstanceOf(Round.Applied.class);
        assertThat(troubles())
                .containsExactly(
                        "not applied: routes: RTM_NEWROUTE 10.244.1.2/32: EEXIST",
                        "drift repaired: routes 10.244.1.2/32");
    }

    @Test
    void whatIsRefusedForLackOfALinkThatIsNoPodsIsReported() throws Exception {
        whenPlanned.add(() -> kernel.links.delete("eth0"));
        assertThat(roundAfterEvent()).isInstanceOf(Round.PartlyApplied.class);
        assertThat(troubles()).contains("not applied: routes: RTM_NEWROUTE 10.244.2.0/24: there is no link eth0");
    }

    @Test
    void linksAreListedAgainOnlyIfSomethingIsRefusedForLackOfALink() throws Exception {
        kernel.routes.contents.remove(route(1));
        kernel.routes.others.add(route(2));
        kernel.routes.contents.remove(route(2));
        assertThat(roundAfterEvent()).isInstanceOf(Round.PartlyApplied.class);
        assertThat(questions).hasValue(0);
    }

    /** The kernel says that the link is there, so what is refused about it is a failure, whatever the error is. */
    @Test
    void whatIsRefusedAboutALinkThatIsListedIsReported() throws Exception {
        whenPlanned.add(() -> kernel.links.delete("fyr1"));
        assertThat(roundAfterEvent()).isInstanceOf(Round.PartlyApplied.class);
        assertThat(troubles())
                .anyMatch(text -> text.startsWith("not applied: routes: ") && text.contains("there is no link fyr1"))
                .anyMatch(text -> text.startsWith("not applied: " + Tables.NEIGHBOURS + ": "))
                .noneMatch(text -> text.startsWith("drift"));
    }
}
