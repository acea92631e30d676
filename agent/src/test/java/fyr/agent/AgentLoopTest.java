package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.compiler.NodePlan;
import fyr.kernel.Errno;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.KernelException;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.kernel.route.RouteKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import fyr.testkit.FakeKernel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentLoopTest {

    private static final RouteKey OTHER_NODE = new RouteKey(Prefix.parse("10.244.2.0/24"));
    private static final ClusterSketch CLUSTER = ClusterSketch.empty()
            .node("node1", List.of("192.0.2.11"), List.of("10.244.1.0/24"))
            .node("node2", List.of("192.0.2.12"), List.of("10.244.2.0/24"));

    private final FakeKernel kernel = new FakeKernel();
    private final Map<String, Boolean> podLinks = new ConcurrentHashMap<>(Map.of("fyr1", true, "fyr2", true));
    private final BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
    private final BlockingQueue<NodePlan> planned = new LinkedBlockingQueue<>();
    private final AtomicInteger leftOver = new AtomicInteger();
    private final CompletableFuture<Throwable> fatal = new CompletableFuture<>();
    private final AgentLoop loop = new AgentLoop(
            new Inbox(),
            new NodeReconciler(kernel, _ -> {}),
            new IdentityFinder(Options.of(List.of(), List.of()), kernel.hostLinks(), NeededHosts::none),
            new LivePods(
                    () -> {
                        asked.add("list");
                        return podLinks;
                    },
                    () -> {
                        asked.add("list again");
                        return podLinks.keySet();
                    },
                    link -> {
                        asked.add("up " + link);
                        return podLinks.containsKey(link);
                    },
                    () -> asked.add("heal"),
                    _ -> {}),
            new RoundFollower() {
                @Override
                public void planned(NodePlan plan) {
                    planned.add(plan);
                }

                @Override
                public boolean ended(Round round) {
                    rounds.add(round);
                    return leftOver.getAndDecrement() <= 0;
                }
            },
            fatal::complete);

    private static Attachment pod(int number) {
        return new Attachment(
                "c" + number,
                "eth0",
                "fyr" + number,
                MacAddress.local(number),
                List.of(IpAddress.parse("10.244.1." + number)),
                new NamespacedName("default", "pod" + number));
    }

    private CompletableFuture<Void> add(int number) {
        Attachment pod = pod(number);
        kernel.links.addOther(pod.hostLink());
        return loop.inbox()
                .attachments(PersistentMap.<String, Attachment>empty().with(pod.key(), pod), Optional.of(pod));
    }

    private Round next() throws InterruptedException {
        return Optional.ofNullable(rounds.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    @AfterEach
    void stop() {
        loop.close();
    }

    @Test
    void aPodIsCarriedWhenTheKernelFollows() throws Exception {
        loop.inbox().snapshot(CLUSTER.snapshot());
        CompletableFuture<Void> added = add(1);
        loop.start();
        added.get(10, TimeUnit.SECONDS);
        assertThat(kernel.routes.contents).containsKey(new RouteKey(Prefix.parse("10.244.1.1/32")));
        assertThat(loop.readiness()).isEqualTo(new Readiness.Ready());
    }

    @Test
    void noPodIsCarriedWhileTheNodeIsUnknown() throws Exception {
        loop.start();
        assertRefused(add(1), "the API server has not been heard yet");
        loop.inbox().snapshot(CLUSTER.withoutNode("node1").snapshot());
        assertRefused(add(1), "the cluster has no Node 'node1'");
        assertThat(loop.readiness()).isInstanceOf(Readiness.NotReady.class);
    }

    private static void assertRefused(CompletableFuture<Void> added, String why) {
        assertThatThrownBy(() -> added.get(10, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining(why);
    }

    @Test
    void onePodIsNotAnsweredForWhatIsRefusedOfOthers() throws Exception {
        kernel.routes.others.add(OTHER_NODE);
        kernel.routes.others.add(new RouteKey(Prefix.parse("10.244.1.2/32")));
        loop.inbox().snapshot(CLUSTER.snapshot());
        loop.start();
        add(1).get(10, TimeUnit.SECONDS);
        assertThat(loop.readiness())
                .isEqualTo(new Readiness.NotReady(
                        "the kernel refused a change: routes: RTM_NEWROUTE 10.244.2.0/24: EEXIST"));
        assertRefused(add(2), "RTM_NEWROUTE 10.244.1.2/32: EEXIST");
        assertThat(kernel.nft.lists)
                .as("a refused route is no reason to read all packet rules")
                .isEqualTo(1);
    }

    @Test
    void refusedPacketRulesConcernEveryPod() throws Exception {
        loop.inbox().snapshot(CLUSTER.snapshot());
        kernel.nft.refuse(new KernelException("NFT_MSG_NEWRULE", Errno.ENOBUFS, ""));
        CompletableFuture<Void> added = add(1);
        loop.start();
        assertRefused(added, "nft: NFT_MSG_NEWRULE");
    }

    @Test
    void onlyLinksOfPodsThatAreAttachedAreSetUpAgain() throws Exception {
        loop.inbox().snapshot(CLUSTER.snapshot());
        CompletableFuture<Void> added = add(1);
        loop.start();
        added.get(10, TimeUnit.SECONDS);
        assertThat(asked).as("who attaches has just made the link").isEmpty();
        next();
        loop.inbox().event(new KernelEvent.PodLinkDown("fyr2"));
        next();
        assertThat(asked).isEmpty();
        loop.inbox().event(new KernelEvent.PodLinkDown("fyr1"));
        next();
        assertThat(asked).containsExactly("up fyr1", "list");
    }

    @Test
    void theUplinkIsLookedForAgainOnlyIfLinksOrAddressesChanged() throws Exception {
        loop.inbox().snapshot(CLUSTER.snapshot());
        loop.start();
        assertThat(next()).isInstanceOf(Round.Applied.class);
        kernel.hostLinks = _ -> Optional.empty();
        loop.inbox().event(new KernelEvent.Changed(Subject.ROUTE, true, ""));
        assertThat(next()).isInstanceOf(Round.Applied.class);
        loop.inbox().event(new KernelEvent.Changed(Subject.ADDRESS, true, ""));
        assertThat(next()).isInstanceOf(Round.NoPlan.class);
    }

    @Test
    void aDefectIsTriedAgainAndAnErrorIsNotSurvived() throws Exception {
        kernel.hostLinks = _ -> {
            throw new IllegalStateException("a defect");
        };
        loop.inbox().snapshot(CLUSTER.snapshot());
        loop.start();
        assertThat(next()).isInstanceOf(Round.Failed.class);
        assertThat(next()).isInstanceOf(Round.Failed.class);
        assertThat(fatal).isNotDone();
        kernel.hostLinks = _ -> {
            throw new AssertionError("on purpose");
        };
        assertThat(fatal.get(10, TimeUnit.SECONDS)).hasMessage("on purpose");
    }

    /** A Service whose addresses do not fit into one nft element must not keep the names of all others from being updated. */
    @Test
    void whatTheKernelRefusesDoesNotKeepTheNamesBack() throws Exception {
        kernel.nft.refuse(new KernelException("NFT_MSG_NEWSETELEM", Errno.EINVAL, ""));
        loop.inbox().snapshot(CLUSTER.service("web", 80, 0, "10.96.0.7").snapshot());
        loop.start();
        assertThat(next()).isInstanceOf(Round.PartlyApplied.class);
        assertThat(planned.element().names().services().size()).isEqualTo(1);
    }

    @Test
    void whatIsLeftToDoBesideTheKernelIsTriedAgainSoonAndKeepsNobodyWaiting() throws Exception {
        leftOver.set(3);
        loop.inbox().snapshot(CLUSTER.snapshot());
        CompletableFuture<Void> added = add(1);
        loop.start();
        added.get(10, TimeUnit.SECONDS);
        for (int i = 0; i < 4; i++) {
            assertThat(next()).isInstanceOf(Round.Applied.class);
        }
        assertThat(rounds.poll(1, TimeUnit.SECONDS)).as("done").isNull();
        assertThat(kernel.nft.lists).as("it is no reason to read the kernel").isEqualTo(1);
    }
}
