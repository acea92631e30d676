package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.pod.PodLink;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.testkit.ClusterSketch;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The kernel does not report that settings of links change. They are restored within a second nevertheless, however many links there are. */
class RepairManyPodsKernelIT {

    private static final int PODS = 250;
    private static final int REWRITTEN = 12;
    private static final int SECONDS_AT_REST = 10;

    private static final ClusterSketch CLUSTER = ClusterSketch.empty()
            .node("node1", List.of("192.0.2.11", "2001:db8:2::11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
            .node("node3", List.of("198.51.100.13"), List.of("10.244.3.0/24", "fd00:10:244:3::/64"));

    private RepairedNode node;

    @BeforeEach
    void start() throws Exception {
        node = new RepairedNode(
                CLUSTER.snapshot(),
                IntStream.range(2, 2 + PODS)
                        .mapToObj(RepairManyPodsKernelIT::pod)
                        .toList());
    }

    private static PodLink pod(int number) {
        return new PodLink(
                "fyr%08x".formatted(number),
                "eth" + number,
                RepairedNode.POD_NAMESPACE,
                MacAddress.local(2L * number),
                MacAddress.local(2L * number + 1),
                1400,
                List.of(IpAddress.parse("10.244.1." + number), IpAddress.parse("fd00:10:244:1::" + number)));
    }

    @AfterEach
    void stop() throws Exception {
        node.stop();
    }

    @Test
    void settingsOfAnyOfManyLinks() throws Exception {
        List<SysctlKey> settings =
                new ArrayList<>(node.plan().table(Tables.SYSCTLS).sorted().keySet());
        assertThat(settings).hasSizeGreaterThan(4 * PODS);
        long seed = System.nanoTime();
        System.out.println("settings by seed " + seed);
        Collections.shuffle(settings, new Random(seed));
        for (SysctlKey key : settings.subList(0, REWRITTEN)) {
            Path file = Path.of("/proc/sys/" + key);
            String right = Files.readString(file).strip();
            node.assertRepaired(
                    "rewriting " + key,
                    () -> Files.writeString(file, right.equals("0") ? "1" : "0"),
                    () -> Files.readString(file).strip().equals(right)
                            ? node.differences() // the kernel removes routes when IPv6 is disabled
                            : List.of(key.toString()));
        }
        double share = shareOfLoopAtRest();
        System.out.printf("the loop uses %.2f ms of processor time per second at rest%n", share * 1000);
        assertThat(share).isLessThan(0.05);
    }

    private static double shareOfLoopAtRest() throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long loop = Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread.getThreadName().equals("agent-loop"))
                .findFirst()
                .orElseThrow()
                .getThreadId();
        long before = threads.getThreadCpuTime(loop);
        Thread.sleep(1000L * SECONDS_AT_REST);
        return (threads.getThreadCpuTime(loop) - before) / 1e9 / SECONDS_AT_REST;
    }
}
