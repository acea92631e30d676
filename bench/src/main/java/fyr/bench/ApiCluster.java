package fyr.bench;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/** Fills an API server with nodes and pods, with many requests at once; existing objects stay. */
final class ApiCluster {

    private static final int AT_ONCE = 48;
    private static final int NAMESPACES = 100;

    private final ApiClient client;
    private final int nodes;
    private final int pods;

    ApiCluster(ApiClient client, int nodes, int pods) {
        this.client = client;
        this.nodes = nodes;
        this.pods = pods;
    }

    void fill() throws InterruptedException {
        if (full()) {
            return;
        }
        each(
                NAMESPACES,
                i -> create(
                        "/api/v1/namespaces",
                        "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"team-" + i + "\"}}"));
        create("/apis/networking.k8s.io/v1/namespaces/team-0/networkpolicies", ApiObjects.policy());
        each(nodes, i -> create("/api/v1/nodes", ApiObjects.node(i)));
        each(pods, this::pod);
    }

    /** Whether an earlier run completed. */
    private boolean full() {
        try {
            client.get("/api/v1/nodes/" + ApiObjects.nodeName(nodes - 1));
            client.get(pods(pods - 1) + "/" + ApiObjects.podName(pods - 1));
            return true;
        } catch (ApiException e) {
            if (e.notFound()) {
                return false;
            }
            throw e;
        }
    }

    private static String pods(int number) {
        return "/api/v1/namespaces/" + ApiObjects.namespaceName(number, NAMESPACES) + "/pods";
    }

    private void pod(int number) {
        String path = pods(number);
        if (create(path, ApiObjects.pod(number, nodes))) {
            client.patch(
                    path + "/" + ApiObjects.podName(number) + "/status",
                    Patch.MERGE,
                    bytes(ApiObjects.podStatus(number)));
        }
    }

    /** What kubelets report every five minutes although nothing has happened; the time differs. */
    void beat(int node, int beat) {
        client.patch(
                "/api/v1/nodes/" + ApiObjects.nodeName(node) + "/status",
                Patch.MERGE,
                bytes("{\"status\":" + ApiObjects.status(node, beat) + "}"));
    }

    private boolean create(String path, String object) {
        try {
            client.create(path, bytes(object));
            return true;
        } catch (ApiException e) {
            if (e.conflict()) {
                return false;
            }
            throw e;
        }
    }

    private static void each(int count, IntConsumer work) throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < count && failure.get() == null; i++) {
                int number = i;
                places.acquire();
                threads.execute(() -> {
                    try {
                        work.accept(number);
                    } catch (RuntimeException e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        places.release();
                    }
                });
            }
        }
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
