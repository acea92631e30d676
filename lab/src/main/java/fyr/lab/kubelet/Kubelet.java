package fyr.lab.kubelet;

import static java.lang.System.Logger.Level.WARNING;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.UnreachableException;
import fyr.cluster.client.WatchStream;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The kubelet of one node: a heartbeat, a watch on the pods bound to it, and a worker for each of them. */
public final class Kubelet {

    private static final System.Logger LOG = System.getLogger(Kubelet.class.getName());
    private static final JsonMapper JSON = new JsonMapper();
    private static final int WAITING_MILLISECONDS = 50;
    private static final int HEARTBEAT_MILLISECONDS = 10_000;
    private static final int RETRY_MILLISECONDS = 300;

    private final KubeletSettings settings;
    private final ApiClient client;
    private final PodApi api;
    private final CniRuntime cni;
    private final NetworkNamespace node;
    private final ScheduledExecutorService executor;
    private final Map<String, PodWorker> workers = new ConcurrentHashMap<>();
    private volatile boolean ready;
    private Instant since = Instant.now();
    private Instant nextReport = Instant.EPOCH;

    private Kubelet(
            KubeletSettings settings, ApiClient client, NetworkNamespace node, ScheduledExecutorService executor) {
        this.settings = settings;
        this.client = client;
        this.api = new PodApi(client);
        this.cni = new CniRuntime(settings, node.file());
        this.node = node;
        this.executor = executor;
    }

    /** Begins. The executor's threads must be platform threads, as they enter namespaces; several kubelets may share it. */
    public static Kubelet start(
            KubeletSettings settings, ApiClient client, NetworkNamespace node, ScheduledExecutorService executor) {
        Kubelet kubelet = new Kubelet(settings, client, node, executor);
        executor.execute(kubelet::register);
        Thread.ofVirtual().name("kubelet-" + settings.place().name()).start(kubelet::watch);
        return kubelet;
    }

    private void register() {
        try {
            api.register(settings.place());
            api.report(settings.place(), false, since);
            beat();
        } catch (ApiException | UnreachableException failure) {
            var _ = executor.schedule(this::register, RETRY_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
    }

    private void beat() {
        try {
            boolean now = cni.isReady();
            if (now != ready) {
                since = Instant.now();
            }
            if (now != ready || Instant.now().isAfter(nextReport)) {
                api.report(settings.place(), now, since);
                nextReport = Instant.now().plusMillis(HEARTBEAT_MILLISECONDS / 2);
            }
            ready = now;
        } catch (RuntimeException failure) {
            LOG.log(WARNING, settings.place().name() + " cannot report itself: " + failure.getMessage());
        }
        var _ = executor.schedule(
                this::beat, ready ? HEARTBEAT_MILLISECONDS : WAITING_MILLISECONDS, TimeUnit.MILLISECONDS);
    }

    private void watch() {
        String pods =
                "/api/v1/pods?fieldSelector=spec.nodeName%3D" + settings.place().name();
        while (!Thread.currentThread().isInterrupted()) {
            try {
                follow(pods + "&watch=true&allowWatchBookmarks=true&resourceVersion=", list(pods));
            } catch (ApiException | UnreachableException | IOException | JacksonException failure) {
                LOG.log(WARNING, settings.place().name() + " lists its pods anew: " + failure.getMessage());
                pause();
            }
        }
    }

    private String list(String path) {
        JsonNode list = JSON.readTree(client.get(path));
        Set<String> present = new HashSet<>();
        for (JsonNode pod : list.path("items")) {
            present.add(see(new PodFacts(pod)));
        }
        workers.forEach((uid, worker) -> {
            if (!present.contains(uid)) {
                worker.vanished();
            }
        });
        return list.path("metadata").path("resourceVersion").asString();
    }

    private void follow(String path, String version) throws IOException {
        String last = version;
        while (true) {
            try (WatchStream stream = client.watch(path + last)) {
                for (Optional<byte[]> line = stream.next(); line.isPresent(); line = stream.next()) {
                    JsonNode event = JSON.readTree(line.get());
                    last = event(event.path("type").asString(), event.path("object"));
                }
            }
        }
    }

    private String event(String type, JsonNode object) {
        switch (type) {
            case "ADDED", "MODIFIED" -> see(new PodFacts(object));
            case "DELETED" -> // also of a pod that has ended as it was told to; its worker is gone by then
                Optional.ofNullable(workers.get(new PodFacts(object).uid())).ifPresent(PodWorker::vanished);
            case "ERROR" ->
                throw new ApiException(
                        object.path("code").asInt(500),
                        object.path("reason").asString(""),
                        object.path("message").asString(""));
            default -> {} // BOOKMARK
        }
        return object.path("metadata").path("resourceVersion").asString();
    }

    private String see(PodFacts pod) {
        String uid = pod.uid();
        workers.computeIfAbsent(
                        uid, _ -> new PodWorker(pod, settings, cni, api, node, executor, () -> workers.remove(uid)))
                .update(pod);
        return uid;
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How many pods it looks after. */
    public int pods() {
        return workers.size();
    }

    /** Whether pods can be attached. */
    public boolean isReady() {
        return ready;
    }
}
