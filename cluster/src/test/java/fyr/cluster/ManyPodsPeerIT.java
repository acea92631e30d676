package fyr.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.model.NamespacedName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What pods of a real kube-apiserver cost their reader. */
class ManyPodsPeerIT {

    @TempDir(cleanup = CleanupMode.ALWAYS)
    static Path folder;

    @Test
    void fiveThousandPods() throws Exception {
        try (ControlPlane plane = ControlPlane.start(folder.resolve("plane"));
                ApiClient admin = ApiClient.connect(new Kubeconfig(plane.kubeconfig()))) {
            read(plane, new PeerObjects(admin));
        }
    }

    private static void read(ControlPlane plane, PeerObjects objects) throws Exception {
        objects.namespace("many");
        int count = 5000;
        createPods(objects, count);
        long emptyHeap = usedHeap();
        long started = System.nanoTime();
        Duration cpuBefore = cpu();
        try (Follower follower = new Follower(ApiClient.connect(new Kubeconfig(plane.kubeconfig())))) {
            follower.await(s -> s.pods().size() >= count);
            double listed = (System.nanoTime() - started) / 1e9;
            Duration cpuListed = cpu().minus(cpuBefore);
            follower.snapshots.subList(0, follower.snapshots.size() - 1).clear();
            long heap = usedHeap() - emptyHeap;
            Duration idleFrom = cpu();
            Thread.sleep(5000);
            Duration idle = cpu().minus(idleFrom);
            System.out.printf(
                    "5,000 pods: snapshot after %.2f s, CPU %d ms, heap %d bytes a pod, idle CPU %.4f core%n",
                    listed, cpuListed.toMillis(), heap / count, idle.toNanos() / 5e9);
            assertThat(heap / count).as("bytes of heap a pod").isLessThan(2000);
            NamespacedName name = new NamespacedName("many", "pod-4999");
            long patched = System.nanoTime();
            objects.patchStatus(
                    "/api/v1/namespaces/many/pods/pod-4999",
                    "{\"status\":{\"podIP\":\"10.244.9.9\",\"podIPs\":[{\"ip\":\"10.244.9.9\"}]}}");
            follower.await(s ->
                    s.pods().get(name).filter(p -> !p.addresses().isEmpty()).isPresent());
            System.out.printf(
                    "one changed pod among them: %.1f ms from request to snapshot%n",
                    (System.nanoTime() - patched) / 1e6);
        }
    }

    private static void createPods(PeerObjects objects, int count) throws InterruptedException {
        Semaphore atOnce = new Semaphore(16);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count; i++) {
                String body = PeerObjects.pod("pod-" + i, "app", "app-" + i % 50);
                atOnce.acquire();
                threads.execute(() -> {
                    try {
                        objects.create("/api/v1/namespaces/many/pods", body);
                    } finally {
                        atOnce.release();
                    }
                });
            }
        }
    }

    private static long usedHeap() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(50);
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static Duration cpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElseThrow();
    }
}
