package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.service.ServiceTable;
import fyr.kernel.link.HostLink;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** When the table of connections is read, on which thread, and how often. */
class FlowCleanerTest {

    private static final NodeIdentity SELF = new NodeIdentity(
            "node1",
            new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
            Overlay.AUTO,
            List.of(),
            List.of());

    private final FlowsInMemory table = new FlowsInMemory(new ArrayList<>());

    private static ServiceTable plan(String... endpoints) {
        ClusterSketch cluster = ClusterSketch.empty()
                .node("node1", List.of("192.0.2.11"), List.of("10.244.1.0/24"))
                .service("web", 80, 0, "10.96.0.1")
                .endpoints("web", Family.IPV4, 8080, endpoints);
        return Compiler.compile(NodeInputs.of(SELF).with(cluster.snapshot()), Optional.empty())
                .services();
    }

    private static void eventually(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 1000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    /** The thread that hands in a plan does not wait, and changes that came while the table was read need one more pass. */
    @Test
    void plansThatComeDuringALookAreOne() throws Exception {
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        table.look = () -> {
            reading.countDown();
            try {
                assertThat(go.await(10, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        };
        try (FlowCleaner<ServiceTable> cleaner = FlowCleaner.start("test", new StaleFlows(table)::follow)) {
            cleaner.follow(plan("10.244.1.1", "10.244.1.2"));
            assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();
            for (int i = 3; i < 100; i++) {
                cleaner.follow(plan("10.244.1." + i));
            }
            assertThat(table.looks).isEqualTo(1);
            go.countDown();
            eventually(() -> table.looks == 2);
            cleaner.follow(plan("10.244.1.99"));
        }
        assertThat(table.looks).isEqualTo(2);
    }

    @Test
    void aLookThatFailedIsTriedAgainWithoutAnotherPlan() throws Exception {
        table.refused = true;
        try (FlowCleaner<ServiceTable> cleaner = FlowCleaner.start("test", new StaleFlows(table)::follow)) {
            cleaner.follow(plan("10.244.1.1"));
            eventually(() -> table.looks > 1);
            table.refused = false;
            int failed = table.looks;
            eventually(() -> table.looks > failed);
        }
    }

    @Test
    void aDefectEndsNoThread() throws Exception {
        table.look = () -> {
            throw new IllegalStateException("of the test");
        };
        try (FlowCleaner<ServiceTable> cleaner = FlowCleaner.start("test", new StaleFlows(table)::follow)) {
            cleaner.follow(plan("10.244.1.1"));
            eventually(() -> table.looks > 1);
        }
    }
}
