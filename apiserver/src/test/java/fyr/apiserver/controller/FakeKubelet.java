package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.WatchEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.node.ObjectNode;

/** Reports every scheduled pod as running and ready (a pod of a Job as succeeded) and confirms every deletion at once. */
final class FakeKubelet implements AutoCloseable {
    private final ObjectClient client;
    private final AtomicInteger next = new AtomicInteger(1);
    private final Thread thread;

    private FakeKubelet(ObjectClient client) {
        this.client = client;
        this.thread = Thread.ofVirtual().start(this::run);
    }

    static FakeKubelet start(ObjectClient client) {
        return new FakeKubelet(client);
    }

    /** Creates a ready node with this name. */
    static void node(ObjectClient client, String name) {
        ObjectNode node = Json.object();
        node.putObject("metadata").put("name", name).putObject("labels").put("kubernetes.io/hostname", name);
        Conditions.set(node.putObject("status"), "Ready", "True", Instant.now().toString());
        client.create(Kinds.NODES, "", node);
    }

    private void run() {
        try (ObjectWatch watch = client.watch(Kinds.PODS)) {
            while (true) {
                watch.poll(Duration.ofSeconds(5)).forEach(this::heard);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (fyr.apiserver.object.StatusException closed) {
            // The server was stopped first.
        }
    }

    private void heard(WatchEvent event) {
        ObjectNode pod = event.object();
        if (event.type() == WatchEvent.Type.DELETED
                || Json.text(pod, "spec", "nodeName").isEmpty()) {
            return;
        }
        if (Pods.isLeaving(pod)) {
            client.delete(Kinds.PODS, Json.namespace(pod), Json.name(pod), DeleteOptions.NOW);
        } else if (Json.text(pod, "status", "phase").equals("Pending")) {
            ready(pod);
        }
    }

    private void ready(ObjectNode pod) {
        boolean once = !Json.text(pod, "spec", "restartPolicy").equals("Always");
        ObjectNode after = pod.deepCopy();
        Json.child(after, "metadata").remove("resourceVersion");
        ObjectNode status = Json.child(after, "status").put("phase", once ? "Succeeded" : "Running");
        int number = next.getAndIncrement();
        String ip = "10.244." + number / 250 + "." + (number % 250 + 1);
        status.put("podIP", ip);
        var ips = status.putArray("podIPs");
        ips.addObject().put("ip", ip);
        ips.addObject().put("ip", "fd00:10:244::" + Integer.toHexString(number));
        Conditions.set(status, "Ready", once ? "False" : "True", Instant.now().toString());
        for (var container : Json.items(pod, "spec", "containers")) {
            status.withArray("containerStatuses")
                    .addObject()
                    .put("name", Json.text(container, "name"))
                    .put("image", Json.text(container, "image"))
                    .put("imageID", "")
                    .put("restartCount", 0)
                    .put("ready", !once);
        }
        try {
            client.updateStatus(Kinds.PODS, Json.namespace(pod), Json.name(pod), after);
        } catch (fyr.apiserver.object.StatusException gone) {
            // The pod was deleted meanwhile; the watch will report it.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
