package fyr.lab.cluster;

import static java.lang.System.Logger.Level.WARNING;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import fyr.cluster.client.UnreachableException;
import fyr.cluster.client.WatchStream;
import fyr.lab.world.Topology;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Stands for the controller of a cloud that gives LoadBalancer Services their addresses: it writes {@code status.loadBalancer.ingress}. The
 * router routes these addresses to the first node, whatever happens to that node. Services with a {@code loadBalancerClass} are left to
 * others.
 */
final class LoadBalancers {

    private static final System.Logger LOG = System.getLogger(LoadBalancers.class.getName());
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PATH = "/api/v1/services";
    private static final int RETRY_MILLISECONDS = 300;

    private final ApiClient client;
    private BalancerAddresses addresses = new BalancerAddresses(Topology.LOAD_BALANCERS);

    private LoadBalancers(ApiClient client) {
        this.client = client;
    }

    /** Begins; it ends with the process. */
    static void start(ApiClient client) {
        LoadBalancers balancers = new LoadBalancers(client);
        Thread.ofVirtual().name("load-balancers").start(balancers::run);
    }

    private void run() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                follow(list());
            } catch (ApiException | UnreachableException | IOException | JacksonException failure) {
                LOG.log(WARNING, "Services are listed anew for load balancer addresses: " + failure.getMessage());
                pause();
            }
        }
    }

    /** All Services claim what they have before any gets something new. */
    private String list() {
        JsonNode list = JSON.readTree(client.get(PATH));
        addresses = new BalancerAddresses(Topology.LOAD_BALANCERS);
        list.path("items").forEach(addresses::claim);
        list.path("items").forEach(this::see);
        return list.path("metadata").path("resourceVersion").asString();
    }

    private void follow(String version) throws IOException {
        String last = version;
        while (true) {
            try (WatchStream stream =
                    client.watch(PATH + "?watch=true&allowWatchBookmarks=true&resourceVersion=" + last)) {
                for (Optional<byte[]> line = stream.next(); line.isPresent(); line = stream.next()) {
                    JsonNode event = JSON.readTree(line.get());
                    JsonNode object = event.path("object");
                    switch (event.path("type").asString()) {
                        case "ADDED", "MODIFIED" -> see(object);
                        case "DELETED" -> addresses.release(object);
                        case "ERROR" ->
                            throw new ApiException(
                                    object.path("code").asInt(500),
                                    object.path("reason").asString(""),
                                    object.path("message").asString(""));
                        default -> {} // BOOKMARK
                    }
                    last = object.path("metadata").path("resourceVersion").asString();
                }
            }
        }
    }

    private void see(JsonNode service) {
        List<IpAddress> wanted = addresses.of(service);
        if (wanted.isEmpty() || wanted.equals(BalancerAddresses.current(service))) {
            return;
        }
        JsonNode metadata = service.path("metadata");
        ObjectNode patch = JSON.createObjectNode();
        patch.putObject("metadata").put("uid", metadata.path("uid").asString());
        ArrayNode ingress = patch.putObject("status").putObject("loadBalancer").putArray("ingress");
        wanted.forEach(address -> ingress.addObject().put("ip", address.toString()));
        String path = "/api/v1/namespaces/" + metadata.path("namespace").asString() + "/services/"
                + metadata.path("name").asString() + "/status";
        try {
            client.patch(path, Patch.MERGE, JSON.writeValueAsBytes(patch));
        } catch (ApiException refused) {
            // It is gone, or is no load balancer any more; the watch brings what it is now.
            LOG.log(WARNING, path + " did not take its addresses: " + refused.getMessage());
        }
    }

    private static void pause() {
        try {
            Thread.sleep(RETRY_MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
