package fyr.lab.kubelet;

import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A probe of a container (core/v1 Probe), sent from the node's network as by a kubelet. {@code tcpSocket} and plain {@code httpGet} probes
 * go to the servers that answer in place of the image; probes that need the image itself ({@code exec}, {@code grpc}, HTTPS) count as
 * passed.
 */
record ContainerProbe(String kind, JsonNode container, JsonNode probe) {

    /** An image may need time to start, unlike servers that listen already. */
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(5);

    static Optional<ContainerProbe> of(String kind, JsonNode container) {
        JsonNode probe = container.path(kind.toLowerCase(Locale.ROOT) + "Probe");
        return probe.isObject() ? Optional.of(new ContainerProbe(kind, container, probe)) : Optional.empty();
    }

    String containerName() {
        return container.path("name").asString("");
    }

    Duration delay() {
        Duration delay = seconds("initialDelaySeconds", 0);
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    Duration period() {
        Duration period = seconds("periodSeconds", 10);
        return period.isZero() ? Duration.ofSeconds(10) : period;
    }

    int successThreshold() {
        return Math.max(1, probe.path("successThreshold").asInt(1));
    }

    int failureThreshold() {
        return Math.max(1, probe.path("failureThreshold").asInt(3));
    }

    private Duration seconds(String field, int otherwise) {
        return Duration.ofSeconds(Math.clamp(probe.path(field).asLong(otherwise), 0, 86_400));
    }

    /** What of the image the probe needs, if that keeps it from being asked. */
    Optional<String> unaskable() {
        if (probe.path("httpGet").path("scheme").asString("HTTP").equals("HTTPS")) {
            return Optional.of("httpGet over HTTPS");
        }
        return probe.has("tcpSocket") || probe.has("httpGet")
                ? Optional.empty()
                : Optional.of(probe.has("grpc") ? "grpc" : "exec");
    }

    /** Sends the probe; returns why it failed, or nothing if it passed. Blocks for the probe's timeout at most. */
    Optional<String> failure(NetworkNamespace node, String podAddress) {
        JsonNode action = probe.has("httpGet") ? probe.path("httpGet") : probe.path("tcpSocket");
        String given = action.path("host").asString("");
        String host = given.isEmpty() ? podAddress : given;
        int port = port(action.path("port"));
        if (port == 0) {
            return Optional.of("the container has no port " + action.path("port"));
        }
        int patience = (int) seconds("timeoutSeconds", 1).plusMillis(1).toMillis();
        try (SocketChannel channel = node.call(SocketChannel::open)) {
            Socket socket = channel.socket();
            socket.setSoTimeout(patience);
            socket.connect(new InetSocketAddress(host, port), patience);
            return probe.has("httpGet") ? http(socket, host, action) : Optional.empty();
        } catch (Exception refused) {
            return Optional.of("dial tcp " + host + " port " + port + ": " + refused.getMessage());
        }
    }

    private int port(JsonNode port) {
        if (port.isIntegralNumber()) {
            return port.asInt();
        }
        return PodFacts.list(container.path("ports")).stream()
                .filter(one -> one.path("name").equals(port))
                .mapToInt(one -> one.path("containerPort").asInt(0))
                .findFirst()
                .orElseGet(() -> port.asString("").matches("\\d{1,5}") ? Integer.parseInt(port.asString()) : 0);
    }

    private static Optional<String> http(Socket socket, String host, JsonNode get) throws IOException {
        String path = get.path("path").asString("/").replaceAll("\\s", "%20");
        String request = "GET " + (path.startsWith("/") ? path : "/" + path) + " HTTP/1.1\r\nHost: " + host
                + "\r\nUser-Agent: kube-probe/1.37\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        InputStream in = socket.getInputStream();
        String line = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.ISO_8859_1);
        return line.matches("HTTP/1\\.[01] [23]\\d\\d")
                ? Optional.empty()
                : Optional.of("HTTP probe failed with: " + line.strip());
    }
}
