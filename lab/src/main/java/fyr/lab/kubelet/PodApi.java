package fyr.lab.kubelet;

import fyr.apiserver.object.Events;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import fyr.cluster.client.UnreachableException;
import fyr.lab.world.Place;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a kubelet writes to the API server. Blocks; safe on any thread. */
final class PodApi {

    private static final System.Logger LOG = System.getLogger(PodApi.class.getName());
    private static final JsonMapper JSON = new JsonMapper();

    /** As many wait as in a kubelet (client-go, tools/record). */
    private static final int WAITING_EVENTS = 1000;

    private final ApiClient client;
    /** Events are written one after the other, and nobody waits for them: a server that is away must not delay probes and reports. */
    private final ExecutorService events = new ThreadPoolExecutor(
            1,
            1,
            1,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_EVENTS),
            Thread.ofVirtual().name("kubelet-events").factory(),
            new ThreadPoolExecutor.DiscardPolicy());

    PodApi(ApiClient client) {
        this.client = client;
    }

    /** Registers the node; one that exists is taken over. */
    void register(Place place) {
        try {
            client.create("/api/v1/nodes", JSON.writeValueAsBytes(NodeObject.registration(place)));
        } catch (ApiException refused) {
            if (!refused.conflict()) {
                throw refused;
            }
        }
    }

    void report(Place place, boolean ready, Instant since) {
        ObjectNode status = NodeObject.status(place, ready, since, Instant.now());
        // Not a strategic merge: that knows addresses by their type, and takes the second InternalIP for the first
        // one's new value.
        client.patch("/api/v1/nodes/" + place.name() + "/status", Patch.MERGE, JSON.writeValueAsBytes(status));
    }

    /** Writes a pod's status; a pod that is gone meanwhile is no error. */
    void report(PodFacts pod, ObjectNode status) {
        ObjectNode patch = JsonNodeFactory.instance.objectNode();
        patch.putObject("metadata").put("uid", pod.uid());
        patch.set("status", status);
        ignoreAbsence(() -> client.patch(path(pod) + "/status", Patch.STRATEGIC, JSON.writeValueAsBytes(patch)));
    }

    /** Removes a pod whose parts are gone from its node. */
    void confirmDeletion(PodFacts pod) {
        String options =
                "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"v1\",\"gracePeriodSeconds\":0,\"preconditions\":{\"uid\":\""
                        + pod.uid() + "\"}}";
        ignoreAbsence(() -> client.delete(path(pod), options.getBytes(StandardCharsets.UTF_8)));
    }

    /** Tells people of it, as an event of the pod; what is told again is counted. Does not block; an event that is not taken is lost. */
    void tell(PodFacts pod, Events.News news, String node) {
        events.execute(() -> write(pod, news, node));
    }

    private void write(PodFacts pod, Events.News news, String node) {
        ObjectNode event = Events.first(pod.json(), news, "kubelet", node, Instant.now());
        String events = "/api/v1/namespaces/" + pod.namespace() + "/events";
        try {
            try {
                client.create(events, JSON.writeValueAsBytes(event));
            } catch (ApiException refused) {
                if (!refused.conflict()) {
                    throw refused;
                }
                String path = events + "/" + event.path("metadata").path("name").asString();
                ObjectNode again = Events.again(JSON.readTree(client.get(path)), Instant.now());
                client.patch(path, Patch.MERGE, JSON.writeValueAsBytes(again));
            }
        } catch (ApiException | UnreachableException refused) {
            LOG.log(System.Logger.Level.DEBUG, "an event was not taken: " + refused.getMessage());
        }
    }

    private static void ignoreAbsence(Runnable call) {
        try {
            call.run();
        } catch (ApiException refused) {
            if (!refused.notFound() && !refused.conflict()) {
                throw refused;
            }
        }
    }

    private static String path(PodFacts pod) {
        return "/api/v1/namespaces/" + pod.namespace() + "/pods/" + pod.name();
    }
}
