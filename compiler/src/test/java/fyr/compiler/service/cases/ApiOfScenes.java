package fyr.compiler.service.cases;

import static java.nio.charset.StandardCharsets.UTF_8;

import fyr.compiler.feature.NodeInputs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.TreeMap;

/**
 * As much of an API server as kube-proxy needs: lists and watches of its node, Services, EndpointSlices and ServiceCIDRs. Objects that the
 * selector of its watches leaves out are not shown.
 */
final class ApiOfScenes implements AutoCloseable {

    /** The last word of a path, and the kind and version of what is there. */
    private static final Map<String, String> KINDS = Map.of(
            "services", "\"kind\":\"Service%s\",\"apiVersion\":\"v1\"",
            "nodes", "\"kind\":\"Node%s\",\"apiVersion\":\"v1\"",
            "endpointslices", "\"kind\":\"EndpointSlice%s\",\"apiVersion\":\"discovery.k8s.io/v1\"",
            "servicecidrs", "\"kind\":\"ServiceCIDR%s\",\"apiVersion\":\"networking.k8s.io/v1\"");

    private final ServerSocket server;
    private final WatchedObjects objects = new WatchedObjects();

    ApiOfScenes() throws IOException {
        server = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().start(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** Shows what there is in these inputs, and in addition these Services and slices. */
    void show(NodeInputs inputs, Map<String, String> moreServices, Map<String, String> moreSlices) {
        Map<String, String> self = new TreeMap<>();
        inputs.snapshot().nodes().get("self").ifPresent(node -> self.put("self", KubernetesText.of(node)));
        Map<String, String> slices = new TreeMap<>(moreSlices);
        inputs.snapshot()
                .endpointSlices()
                .forEach((_, ofService) -> ofService.forEach((_, slice) -> {
                    if (!slice.otherProxy()) {
                        slices.put(KubernetesText.named(slice).toString(), KubernetesText.of(slice));
                    }
                }));
        Map<String, String> services = new TreeMap<>(moreServices);
        inputs.snapshot().services().forEach((name, service) -> {
            if (!service.otherProxy()) {
                services.put(name.toString(), KubernetesText.of(service));
            }
        });
        objects.set("nodes", self);
        objects.set("endpointslices", slices);
        objects.set("services", services);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket client = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            BufferedReader request = new BufferedReader(new InputStreamReader(client.getInputStream(), UTF_8));
            String first = request.readLine();
            while (!request.readLine().isEmpty()) {
                // No header matters.
            }
            answer(first.split(" ")[0], first.split(" ")[1], client.getOutputStream());
        } catch (IOException | NullPointerException gone) {
            // The client ended.
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(String method, String target, OutputStream to) throws IOException, InterruptedException {
        String path = target.replaceFirst("\\?.*", "");
        String word = path.substring(path.lastIndexOf('/') + 1);
        String single = path.replaceFirst(".*/nodes/", "");
        if (method.equals("GET") && KINDS.containsKey(word)) {
            if (target.contains("watch=")) {
                watch(word, target, to);
            } else {
                list(word, to);
            }
        } else if (method.equals("GET") && path.contains("/nodes/")) {
            whole(
                    to,
                    "200 OK",
                    objects.list("nodes").objects().stream()
                            .filter(node -> node.contains("\"name\":\"" + single + "\""))
                            .findFirst()
                            .orElse("{}"));
        } else {
            whole(
                    to,
                    "404 Not Found",
                    "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":404}");
        }
    }

    private void list(String word, OutputStream to) throws IOException {
        WatchedObjects.Listed listed = objects.list(word);
        whole(
                to,
                "200 OK",
                "{" + KINDS.getOrDefault(word, "").formatted("List") + ",\"metadata\":{\"resourceVersion\":\""
                        + listed.version() + "\"},\"items\":[" + String.join(",", listed.objects()) + "]}");
    }

    private static void whole(OutputStream to, String status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        to.write(("HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                        + bytes.length + "\r\n\r\n")
                .getBytes(UTF_8));
        to.write(bytes);
        to.flush();
    }

    private void watch(String word, String target, OutputStream to) throws IOException, InterruptedException {
        to.write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n")
                .getBytes(UTF_8));
        int version = target.contains("sendInitialEvents=true") ? present(word, to) : since(target);
        while (true) {
            WatchedObjects.Listed change = objects.next(word, version);
            chunk(to, change.objects().getFirst());
            version = change.version();
        }
    }

    /** All that there is, and then a mark that this was all (KEP-3157). */
    private int present(String word, OutputStream to) throws IOException {
        WatchedObjects.Listed listed = objects.list(word);
        for (String object : listed.objects()) {
            chunk(to, "{\"type\":\"ADDED\",\"object\":" + object + "}");
        }
        chunk(
                to,
                "{\"type\":\"BOOKMARK\",\"object\":{"
                        + KINDS.getOrDefault(word, "").formatted("")
                        + ",\"metadata\":{\"resourceVersion\":\"" + listed.version()
                        + "\",\"annotations\":{\"k8s.io/initial-events-end\":\"true\"}}}}");
        return listed.version();
    }

    private static int since(String target) {
        String version = target.replaceFirst(".*[?&]resourceVersion=", "").replaceFirst("&.*", "");
        return version.matches("[0-9]+") ? Integer.parseInt(version) : 0;
    }

    private static void chunk(OutputStream to, String text) throws IOException {
        byte[] bytes = (text + "\n").getBytes(UTF_8);
        to.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
        to.write(bytes);
        to.write("\r\n".getBytes(UTF_8));
        to.flush();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
