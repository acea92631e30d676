package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.NodePlan;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.model.persistent.PersistentMap;
import fyr.reconciler.NodeReconciler;
import fyr.testkit.ClusterSketch;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loop over a kernel in memory, and who follows its plans. */
class AgentLoopTest {

    private final FakeKernel kernel = new FakeKernel();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private volatile int failures;

    private final AgentLoop loop = new AgentLoop(
            new NodeReconciler(kernel, observation -> {}),
            new IdentityFinder(Options.of(List.of(), List.of()), kernel.hostLinks()),
            new LivePods(Map::of, link -> true, () -> {}, observation -> {}),
            new PlanFollower() {
                @Override
                public void planned(NodePlan plan) {
                    told.add("planned " + plan.names().services().size());
                }

                @Override
                public void applied(NodePlan plan) {
                    told.add("applied");
                }

                @Override
                public boolean attempted(NodePlan plan) {
                    told.add("attempted");
                    return failures-- <= 0;
                }
            });

    @AfterEach
    void stop() {
        loop.close();
    }

    private static ClusterSketch cluster() {
        return ClusterSketch.empty().node("node1", List.of("172.18.0.11"), List.of("10.244.1.0/24"));
    }

    private void await(String what, int times) throws InterruptedException {
        for (int i = 0; i < 500 && told.stream().filter(what::equals).count() < times; i++) {
            Thread.sleep(10);
        }
        assertThat(told.stream().filter(what::equals).count()).as("%s in %s", what, told).isGreaterThanOrEqualTo(times);
    }

    /** A Service whose addresses one element of nft cannot hold is no reason for the names of all others to stand still. */
    @Test
    void whatTheKernelRefusesDoesNotKeepTheNamesBack() throws Exception {
        for (int i = 0; i < 3; i++) {
            kernel.nft.refuse(new KernelException("NFT_MSG_NEWSETELEM", Errno.EINVAL, ""));
        }
        loop.start();
        loop.snapshot(cluster().service("web", 80, 0, "10.96.0.7").snapshot());
        await("applied", 1);
        assertThat(told.subList(0, 2)).containsExactly("planned 1", "attempted");
        assertThat(told.getLast()).isEqualTo("attempted");
        assertThat(told.indexOf("applied")).as("after three refusals").isEqualTo(7);
    }

    @Test
    void whatIsLeftToDoBesideTheKernelIsTriedAgainSoonAndKeepsNobodyWaiting() throws Exception {
        failures = 3;
        loop.start();
        loop.snapshot(cluster().snapshot());
        CompletableFuture<Void> pods = loop.attachments(PersistentMap.empty());
        pods.get(2, TimeUnit.SECONDS);
        await("attempted", 4); // 100, 200 and 400 ms
        Thread.sleep(200);
        assertThat(failures).as("done").isEqualTo(-1);
        assertThat(kernel.nft.lists).as("it is no reason to read the kernel").isEqualTo(1);
    }
}
