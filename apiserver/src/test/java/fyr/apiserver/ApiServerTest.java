package fyr.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.store.DeleteOptions;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.UnreachableException;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

class ApiServerTest {
    private ApiServer server;
    private HttpClient client;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0));
        client = HttpClient.newHttpClient();
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private HttpResponse<String> send(String method, String path, String type, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + server.token().text())
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        return client.send(
                type.isEmpty()
                        ? request.build()
                        : request.header("Content-Type", type).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send("GET", path, "", new byte[0]);
    }

    /** Every user of the machine can connect to its port. */
    @Test
    void opensToNobodyWithoutTheToken() throws Exception {
        String token = server.token().text();
        String pods = "/api/v1/namespaces/default/pods";
        for (String header : List.of(
                "",
                token,
                "Bearer",
                "Bearer ",
                "Bearer " + token.substring(1),
                "Bearer " + token + "0",
                "Bearer " + token.toUpperCase(java.util.Locale.ROOT) + "x",
                "Basic " + token)) {
            for (String path : List.of(pods, "/api", "/apis", "/openapi/v3", "/nothing", "/healthz/../api")) {
                assertThat(anonymous("GET", path, header))
                        .as(path + " " + header)
                        .isEqualTo(401);
            }
            assertThat(anonymous("GET", pods + "?watch=true", header)).isEqualTo(401);
            assertThat(anonymous("POST", pods, header)).isEqualTo(401);
            assertThat(anonymous("DELETE", pods, header)).isEqualTo(401);
            assertThat(anonymous("POST", "/healthz", header)).isEqualTo(401);
            assertThat(anonymous("GET", "/healthz", header)).isEqualTo(200);
        }
        assertThat(anonymous("GET", pods, "Bearer " + token)).isEqualTo(200);
        assertThat(anonymous("GET", pods, "bearer  " + token)).isEqualTo(200);
    }

    private int anonymous(String method, String path, String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                .timeout(Duration.ofSeconds(10))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    void speaksTlsWithACertificateThatItsKubeconfigTrusts(@TempDir Path folder) throws Exception {
        List<IpAddress> loopback = List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1"));
        ServerCertificate certificate = ServerCertificate.of(loopback, List.of("localhost", "kubernetes.default"));
        int port = server.encrypt(new InetSocketAddress("127.0.0.1", 0), certificate)
                .getPort();
        ServerCertificate another = ServerCertificate.of(loopback, List.of("localhost"));
        Path kubeconfig = folder.resolve("kubeconfig");
        for (String host : List.of("127.0.0.1", "localhost")) {
            String uri = "https://" + host + ":" + port;
            Files.writeString(kubeconfig, KubeconfigText.verified("lab", uri, certificate, server.token()));
            try (ApiClient api = ApiClient.connect(new Kubeconfig(kubeconfig))) {
                assertThat(new String(api.get("/api/v1/namespaces"), StandardCharsets.UTF_8))
                        .contains("kube-system");
            }
            Files.writeString(kubeconfig, KubeconfigText.verified("lab", uri, another, server.token()));
            try (ApiClient api = ApiClient.connect(new Kubeconfig(kubeconfig))) {
                assertThatThrownBy(() -> api.get("/api/v1/namespaces")).isInstanceOf(UnreachableException.class);
            }
        }
    }

    @Test
    void answersUnknownThingsWithAStatus() throws Exception {
        for (String path : List.of(
                "/api/v1/namespaces/default/pods/no",
                "/apis/no/v1/things",
                "/api/v1/nothing",
                "/apis/apps/v1/namespaces/a/deployments/b/c/d")) {
            var answer = get(path);
            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(Json.text(Json.MAPPER.readTree(answer.body()), "kind")).isEqualTo("Status");
        }
        assertThat(get("/readyz").body()).isEqualTo("ok");
        assertThat(send("PUT", "/api/v1/pods", "application/json", "{}".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(405);
    }

    @Test
    void aSlashTooManyIsNotTheCollection() throws Exception {
        for (String path : List.of(
                "/api/v1/namespaces/default/pods/", "/api/v1/namespaces/default//pods", "/api/v1/namespaces//pods")) {
            assertThat(send("DELETE", path, "", new byte[0]).statusCode())
                    .as(path)
                    .isIn(404, 405);
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    private ObjectNode page(String query) throws Exception {
        var answer = get("/api/v1/namespaces/default/configmaps?" + query);
        assertThat(answer.statusCode()).as(query).isEqualTo(200);
        return (ObjectNode) Json.MAPPER.readTree(answer.body());
    }

    private static List<String> names(ObjectNode list) {
        return Json.items(list, "items").stream().map(Json::name).toList();
    }

    @Test
    void listsInPartsOfOneMoment() throws Exception {
        for (int i = 0; i < 7; i++) {
            server.registry().create(Kinds.CONFIG_MAPS, "default", (ObjectNode)
                    Json.MAPPER.readTree("{\"metadata\":{\"name\":\"c" + i + "\"}}"));
        }
        ObjectNode first = page("limit=3");
        assertThat(names(first)).containsExactly("c0", "c1", "c2");
        assertThat(Json.number(first, 0, "metadata", "remainingItemCount")).isEqualTo(4);
        server.registry().delete(Kinds.CONFIG_MAPS, "default", "c4", DeleteOptions.PLAIN);
        server.registry().create(Kinds.CONFIG_MAPS, "default", (ObjectNode)
                Json.MAPPER.readTree("{\"metadata\":{\"name\":\"c45\"}}"));
        server.registry()
                .patch(
                        Kinds.CONFIG_MAPS,
                        "default",
                        "c5",
                        PatchKind.MERGE,
                        Json.MAPPER.readTree("{\"data\":{\"new\":\"x\"}}"));
        ObjectNode second = page("limit=3&continue=" + Json.text(first, "metadata", "continue"));
        assertThat(names(second)).as("as they were when the list began").containsExactly("c3", "c4", "c5");
        assertThat(second.toString()).doesNotContain("new");
        ObjectNode last = page("limit=3&continue=" + Json.text(second, "metadata", "continue"));
        assertThat(names(last)).containsExactly("c6");
        assertThat(last.path("metadata").has("continue")).isFalse();
        assertThat(Json.text(last, "metadata", "resourceVersion"))
                .isEqualTo(Json.text(first, "metadata", "resourceVersion"));
        assertThat(names(page("limit=3"))).containsExactly("c0", "c1", "c2");
        assertThat(get("/api/v1/configmaps?limit=3&continue=nonsense").statusCode())
                .isEqualTo(400);
        String old =
                java.util.Base64.getUrlEncoder().encodeToString(bytes("{'rv':1,'namespace':'default','name':'c2'}"));
        var expired = get("/api/v1/configmaps?limit=3&continue=" + old);
        assertThat(expired.statusCode()).isEqualTo(410);
        assertThat(expired.body()).contains("\"reason\":\"Expired\"");
    }

    private static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void anEventIsOneUnderBothGroups() throws Exception {
        String core = "/api/v1/namespaces/default/events";
        String series = "/apis/events.k8s.io/v1/namespaces/default/events";
        assertThat(send(
                                "POST",
                                core,
                                "application/json",
                                bytes(
                                        "{'metadata':{'name':'a'},'involvedObject':{'kind':'Pod','name':'p'},'message':'m','reason':'R','count':1}"))
                        .statusCode())
                .isEqualTo(201);
        var seen = Json.MAPPER.readTree(
                get(series + "?fieldSelector=regarding.name%3Dp").body());
        assertThat(Json.items(seen, "items")).singleElement().satisfies(event -> {
            assertThat(Json.text(event, "note")).isEqualTo("m");
            assertThat(Json.text(event, "apiVersion")).isEqualTo("events.k8s.io/v1");
            assertThat(Json.text(event, "regarding", "name")).isEqualTo("p");
        });
        assertThat(send(
                                "PATCH",
                                series + "/a",
                                "application/merge-patch+json",
                                bytes("{'note':'n','deprecatedCount':2}"))
                        .statusCode())
                .isEqualTo(200);
        var patched = Json.MAPPER.readTree(get(core + "/a").body());
        assertThat(Json.text(patched, "message")).isEqualTo("n");
        assertThat(Json.number(patched, 0, "count")).isEqualTo(2);
        assertThat(send(
                                "POST",
                                series,
                                "application/json",
                                bytes(
                                        "{'metadata':{'name':'b'},'eventTime':null,'regarding':{'kind':'Pod','name':'q'},'note':'x'}"))
                        .statusCode())
                .isEqualTo(201);
        assertThat(get(core + "/b").body()).contains("\"involvedObject\"", "\"message\":\"x\"");
        assertThat(send("DELETE", series + "/b", "", new byte[0]).statusCode()).isEqualTo(200);
        assertThat(get(core + "/b").statusCode()).isEqualTo(404);
    }

    @Test
    void streamsTheListThenABookmark() throws Exception {
        var request = HttpRequest.newBuilder(
                URI.create(
                        server.uri()
                                + "/api/v1/namespaces?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"));
        request.header("Authorization", "Bearer " + server.token().text());
        try (Stream<String> lines = client.send(request.build(), HttpResponse.BodyHandlers.ofLines())
                .body()) {
            List<String> types = lines.map(line -> Json.text(Json.MAPPER.readTree(line), "type"))
                    .toList();
            assertThat(types).containsExactly("ADDED", "ADDED", "ADDED", "ADDED", "BOOKMARK");
        }
    }

    /** Random bytes as bodies, patches and queries are refused or accepted. They never cause a server error or end the server. */
    @Test
    void survivesRandomRequests() throws Exception {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        List<String> types = List.of(
                "application/json",
                "application/json-patch+json",
                "application/merge-patch+json",
                "application/strategic-merge-patch+json",
                "application/apply-patch+yaml",
                "application/vnd.kubernetes.protobuf",
                "");
        send(
                "POST",
                "/api/v1/namespaces/default/services",
                "application/json",
                SERVICE.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 1500; i++) {
            Resource resource = Kinds.ALL.get(random.nextInt(Kinds.ALL.size()));
            String method = List.of("POST", "PUT", "PATCH", "DELETE", "GET").get(random.nextInt(5));
            String name = method.equals("POST")
                    ? ""
                    : List.of("/web", "/web/status", "/web/scale", "").get(random.nextInt(4));
            byte[] body = body(random);
            String query = "?fieldSelector=" + RandomJson.query(random) + "&labelSelector=" + RandomJson.query(random);
            var answer = send(
                    method, resource.path("default") + name + query, types.get(random.nextInt(types.size())), body);
            assertThat(answer.statusCode())
                    .as(
                            "seed %d, request %d: %s %s %s: %s",
                            seed, i, method, resource, new String(body, StandardCharsets.UTF_8), answer.body())
                    .isBetween(200, 499);
        }
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    private static final String SERVICE = """
            {"metadata":{"name":"web"},"spec":{"selector":{"app":"web"},"ports":[{"name":"http","port":80}]}}""";

    private static byte[] body(SplittableRandom random) {
        if (random.nextInt(4) == 0) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            return bytes;
        }
        String json = random.nextInt(4) == 0
                ? RandomJson.mutated(SERVICE, random)
                : RandomJson.tree(random, 5).toString();
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** Sends bytes that are not HTTP. */
    @Test
    void survivesRandomConnections() throws Exception {
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 50; i++) {
            byte[] bytes = new byte[1 + random.nextInt(300)];
            random.nextBytes(bytes);
            try (Socket socket =
                    new Socket(server.address().getAddress(), server.address().getPort())) {
                socket.getOutputStream().write(bytes);
                socket.getOutputStream().write("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            } catch (IOException reset) {
                // Closing the connection is a valid answer.
            }
        }
        assertThat(get("/readyz").statusCode()).as("seed %d", seed).isEqualTo(200);
    }
}
