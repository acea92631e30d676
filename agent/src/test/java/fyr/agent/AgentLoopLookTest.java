package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.NodePlan;
import fyr.kernel.Errno;
import fyr.kernel.KernelEvent;
import fyr.kernel.KernelException;
import fyr.kernel.TableLook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.model.address.Family;
import fyr.testkit.ClusterSketch;
import fyr.testkit.FakeKernel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Looks that take many steps, and what the loop does between them. */
class AgentLoopLookTest {

    private static final ClusterSketch CLUSTER =
            ClusterSketch.empty().node("node1", List.of("192.0.2.11"), List.of("10.244.1.0/24"));

    private final FakeKernel kernel = new FakeKernel();
    private final AtomicInteger steps = new AtomicInteger();
    private final BlockingQueue<Round> rounds = new LinkedBlockingQueue<>();
    private Optional<AgentLoop> loop = Optional.empty();

    @AfterEach
    void stop() {
        loop.ifPresent(AgentLoop::close);
    }

    private AgentLoop start(TableLook<NftKey> look) {
        kernel.nft.looks = Optional.of(() -> look);
        AgentLoop started = new AgentLoop(
                new Inbox(),
                new NodeReconciler(kernel, _ -> {}),
                new IdentityFinder(Options.of(List.of(), List.of()), kernel.hostLinks(), NeededHosts::none),
                new LivePods(Map::of, Set::of, _ -> true, () -> {}, _ -> {}),
                new RoundFollower() {
                    @Override
                    public void planned(NodePlan plan) {}

                    @Override
                    public boolean ended(Round round) {
                        rounds.add(round);
                        return true;
                    }
                },
                failure -> {
                    throw new AssertionError(failure);
                });
        loop = Optional.of(started);
        started.inbox().snapshot(CLUSTER.snapshot());
        started.start();
        return started;
    }

    private Round next() throws InterruptedException {
        return Optional.ofNullable(rounds.poll(10, TimeUnit.SECONDS)).orElseThrow();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(1);
        }
    }

    private boolean endless(long nanoseconds, Consumer<? super NftKey> doubtful) {
        steps.incrementAndGet();
        return true;
    }

    @Test
    void changesAreFollowedWhileALookGoesOn() throws Exception {
        AgentLoop busy = start(this::endless);
        assertThat(next()).isInstanceOf(Round.Applied.class);
        busy.inbox().event(new KernelEvent.Overrun());
        await(() -> steps.get() > 0);
        ClusterSketch cluster = CLUSTER;
        int before = steps.get();
        for (int change = 0; change < 20; change++) {
            cluster = cluster.service("web" + change, 80, 0, "10.96.0." + (10 + change));
            int changes = kernel.nft.deltas.size();
            busy.inbox().snapshot(cluster.snapshot());
            await(() -> kernel.nft.deltas.size() > changes);
        }
        assertThat(steps.get()).as("and the look goes on").isGreaterThan(before);
        assertThat(busy.standstill()).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void whatALookFindsIsRepairedThoughNothingElseHappens() throws Exception {
        NftKey chain = new NftKey.ChainKey(Family.IPV4, "masquerading");
        start((_, doubtful) -> {
            steps.incrementAndGet();
            doubtful.accept(chain);
            return false;
        });
        assertThat(next()).isInstanceOf(Round.Applied.class);
        NftObject wanted = Optional.ofNullable(kernel.nft.contents.get(chain)).orElseThrow();
        kernel.nft.contents.remove(chain);
        loop.orElseThrow().inbox().event(new KernelEvent.Overrun());
        await(() -> wanted.equals(kernel.nft.contents.get(chain)));
    }

    @Test
    void aLookThatFailsEndsNothing() throws Exception {
        AgentLoop going = start((_, _) -> {
            steps.incrementAndGet();
            throw new KernelException("NFT_MSG_GETSETELEM", Errno.ENOENT, "");
        });
        next();
        going.inbox().event(new KernelEvent.Overrun());
        await(() -> steps.get() >= 1);
        int before = kernel.nft.deltas.size();
        going.inbox().snapshot(CLUSTER.service("web", 80, 0, "10.96.0.7").snapshot());
        await(() -> kernel.nft.deltas.size() > before);
    }

    /** As after lost events with a kernel that is short of buffers: changes by others must not wait for the next full look. */
    @Test
    void aLookThatFailsIsMadeAgainSoonAndSaidSo() throws Exception {
        NftKey chain = new NftKey.ChainKey(Family.IPV4, "masquerading");
        AtomicBoolean refuses = new AtomicBoolean(true);
        AgentLoop going = start((_, doubtful) -> {
            steps.incrementAndGet();
            if (refuses.get()) {
                throw new KernelException("NFT_MSG_GETSETELEM", Errno.ENOBUFS, "");
            }
            doubtful.accept(chain);
            return false;
        });
        assertThat(next()).isInstanceOf(Round.Applied.class);
        NftObject wanted = Optional.ofNullable(kernel.nft.contents.get(chain)).orElseThrow();
        kernel.nft.contents.remove(chain);
        going.inbox().event(new KernelEvent.Overrun());
        await(() -> steps.get() >= 3);
        assertThat(going.readiness()).isInstanceOf(Readiness.Strained.class);
        refuses.set(false);
        await(() -> wanted.equals(kernel.nft.contents.get(chain)));
        await(() -> going.readiness() instanceof Readiness.Ready);
    }

    /**
     * The liveness probe uses this: a first load of a large node consists of many steps, or of one that uses the processor; a thread that
     * hangs does neither.
     */
    @Test
    void whatWaitsForeverStandsStill() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        kernel.nft.afterwards = _ -> {
            reached.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
        AgentLoop hanging = start(this::endless);
        assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
        hanging.standstill(); // the first question since the last step says nothing
        Thread.sleep(300);
        assertThat(hanging.standstill()).isGreaterThan(Duration.ofMillis(250));
        released.countDown();
        next();
        await(() -> hanging.standstill().isZero());
    }
}
