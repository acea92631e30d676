package fyr.bench.curve;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import fyr.cluster.client.WatchStream;
import fyr.lab.cluster.PrivateWorld;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** A real API server with etcd, and the objects in it: there are more and more of them. */
final class BenchServer implements AutoCloseable {

    private static final int AT_ONCE = 32;
    private static final int PATIENCE_SECONDS = 60;
    private static final String SERVICES = "/api/v1/namespaces/default/services";
    private static final String SLICES = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    private static final String NODES = "/api/v1/nodes";

    private final Process process;
    private final Path kubeconfig;
    private final ApiClient client;
    private final ClusterObjects objects;
    private int services;
    private int generation;

    private BenchServer(Process process, Path kubeconfig, ClusterObjects objects) {
        this.process = process;
        this.kubeconfig = kubeconfig;
        this.objects = objects;
        client = ApiClient.connect(new Kubeconfig(kubeconfig));
    }

    /** Starts the server at an address of the caller's namespace; its files are in this directory. */
    static BenchServer start(IpAddress address, Path directory, ClusterObjects objects) throws Exception {
        Files.createDirectories(directory);
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        PrivateWorld.program("api-server").toString(),
                        "--address",
                        address.toString(),
                        directory.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Path kubeconfig = directory.resolve("kubeconfig");
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (!Files.exists(kubeconfig)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                process.destroy();
                throw new IOException(
                        "the API server did not start: " + Files.readString(log).strip());
            }
            Thread.sleep(50);
        }
        return new BenchServer(process, kubeconfig, objects);
    }

    Path kubeconfig() {
        return kubeconfig;
    }

    /** Adds Services until there are so many. */
    void grow(int count) throws InterruptedException {
        Semaphore places = new Semaphore(AT_ONCE);
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (; services < count && failure.get() == null; services++) {
                int number = services;
                places.acquire();
                threads.execute(() -> {
                    try {
                        add(number);
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

    private void add(int number) {
        client.create(SERVICES, bytes(ClusterObjects.service(number)));
        for (Family family : Family.values()) {
            client.create(SLICES, bytes(objects.slice(number, family)));
        }
    }

    /** Adds a node; an existing one stays. */
    void node(String name, int number, IpAddress address) {
        try {
            client.create(NODES, bytes(ClusterObjects.node(name, number)));
        } catch (ApiException refusal) {
            if (!refusal.conflict()) {
                throw refusal;
            }
        }
        client.patch(NODES + "/" + name + "/status", Patch.MERGE, bytes(ClusterObjects.nodeStatus(address)));
    }

    /** Replaces the endpoint of {@link ClusterObjects#CHANGED} and returns the new one. */
    IpAddress change() {
        generation++;
        String path = SLICES + "/" + ClusterObjects.sliceName(ClusterObjects.CHANGED, Family.IPV4);
        String endpoints = objects.endpoints(ClusterObjects.CHANGED, Family.IPV4, generation);
        client.patch(path, Patch.MERGE, bytes("{" + endpoints + "}"));
        return current();
    }

    /** The endpoint of {@link ClusterObjects#CHANGED}. */
    IpAddress current() {
        return ClusterObjects.endpoint(ClusterObjects.CHANGED, generation);
    }

    /** The endpoint after the next change. */
    IpAddress next() {
        return ClusterObjects.endpoint(ClusterObjects.CHANGED, generation + 1);
    }

    /** The events of the slice that changes; the first one says what it is now. */
    WatchStream watch() {
        String name = ClusterObjects.sliceName(ClusterObjects.CHANGED, Family.IPV4);
        return client.watch(SLICES + "?watch=true&fieldSelector=metadata.name%3D" + name);
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        process.onExit().join();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
