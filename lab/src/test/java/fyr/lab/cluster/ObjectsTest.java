package fyr.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifests;
import fyr.lab.api.ApiServer;
import fyr.lab.api.Json;
import fyr.lab.api.PatchKind;
import fyr.lab.api.Resource;
import fyr.lab.api.Selector;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/** Applying and deleting, against the embedded server over HTTP. */
class ObjectsTest {
    @TempDir
    private Path folder = Path.of("");

    private ApiServer server;
    private ApiClient client;
    private Objects objects;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0));
        Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), server.kubeconfig());
        client = ApiClient.connect(new Kubeconfig(kubeconfig));
        objects = new Objects(client);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private List<String> apply(String manifest) throws IOException {
        List<String> lines = new ArrayList<>();
        Path file = Files.writeString(folder.resolve("m.yaml"), manifest);
        objects.apply(Manifests.read(file), "default", lines::add);
        return lines;
    }

    private ObjectNode get(Resource resource, String name) {
        return server.registry().get(resource, "default", name);
    }

    private static final String POLICY = """
            apiVersion: networking.k8s.io/v1
            kind: NetworkPolicy
            metadata: {name: p, labels: {a: b, c: d}}
            spec:
              podSelector: {matchLabels: {app: web}}
              ingress: [{from: [{podSelector: {matchLabels: {app: front}}}]}]
            """;

    @Test
    void whatAManifestSaysNoLongerGoes() throws IOException {
        assertThat(apply(POLICY)).containsExactly("networkpolicy/p created");
        assertThat(apply(POLICY)).containsExactly("networkpolicy/p unchanged");
        assertThat(apply(POLICY.replace("{app: web}", "{tier: db}"))).containsExactly("networkpolicy/p configured");
        assertThat(Json.map(get(Resource.NETWORK_POLICIES, "p"), "spec", "podSelector", "matchLabels"))
                .as("replaced, not merged")
                .containsOnlyKeys("tier");
        assertThat(apply(POLICY.replace("{matchLabels: {app: web}}", "{}")))
                .containsExactly("networkpolicy/p configured");
        assertThat(Json.at(get(Resource.NETWORK_POLICIES, "p"), "spec", "podSelector"))
                .isEmpty();
        apply(POLICY.replace(", c: d", "").replaceAll(" *ingress:.*\n", ""));
        ObjectNode last = get(Resource.NETWORK_POLICIES, "p");
        assertThat(Json.map(last, "metadata", "labels")).containsOnlyKeys("a");
        assertThat(Json.at(last, "spec").has("ingress")).isFalse();
    }

    private static final String SERVICE = """
            apiVersion: v1
            kind: Service
            metadata: {name: dns}
            spec:
              selector: {app: dns, tier: a}
              ports: [{name: u, port: 53, protocol: UDP}, {name: t, port: 53}]
            """;

    @Test
    void whatOthersWroteStays() throws IOException {
        apply(SERVICE);
        List<String> addresses = Json.texts(get(Resource.SERVICES, "dns"), "spec", "clusterIPs");
        server.registry()
                .patch(
                        Resource.SERVICES,
                        "default",
                        "dns",
                        PatchKind.MERGE,
                        Json.MAPPER.readTree("{\"metadata\":{\"labels\":{\"by\":\"other\"}}}"));
        assertThat(apply(SERVICE)).containsExactly("service/dns unchanged");
        apply(SERVICE.replace(", tier: a", ""));
        assertThat(apply(SERVICE.replace(", {name: t, port: 53}", "").replace(", tier: a", "")))
                .containsExactly("service/dns configured");
        ObjectNode service = get(Resource.SERVICES, "dns");
        assertThat(Json.map(service, "spec", "selector")).containsOnlyKeys("app");
        assertThat(Json.map(service, "metadata", "labels")).containsOnlyKeys("by");
        assertThat(Json.texts(service, "spec", "clusterIPs")).isEqualTo(addresses);
        assertThat(Json.items(service, "spec", "ports"))
                .singleElement()
                .satisfies(port -> assertThat(Json.text(port, "protocol")).isEqualTo("UDP"));
    }

    /** The defaults of a pod, and what the real API server adds to it (a service account's volume), are none of the manifest's business. */
    @Test
    void aBarePodIsUnchanged() throws IOException {
        String pod = """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, creationTimestamp: null}
                spec: {containers: [{name: c, image: x, resources: {limits: {cpu: 1}}, ports: [{containerPort: 80}]}], volumes: [{name: e, emptyDir: {}}]}
                """;
        assertThat(apply(pod)).containsExactly("pod/p created");
        assertThat(apply(pod)).containsExactly("pod/p unchanged");
        server.registry()
                .patch(
                        Resource.PODS,
                        "default",
                        "p",
                        PatchKind.MERGE,
                        Json.MAPPER.readTree("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"));
        assertThat(apply(pod)).containsExactly("pod/p unchanged");
    }

    @Test
    void anUnknownFieldIsRefusedWithItsPlace() throws IOException {
        String file = folder.resolve("m.yaml").toString();
        String unknown = "strict decoding error: unknown field \"spec.podSelektor\"";
        String wrong = POLICY.replace("podSelector: {matchLabels: {app: web}}", "podSelektor: {}");
        assertThat(apply(wrong))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith(file + ":1: networkpolicy/p: ")
                        .contains(unknown));
        apply(POLICY);
        assertThat(apply(wrong))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(unknown));
    }

    /** A path without a name is that of the collection, and DELETE takes all of that. */
    @Test
    void nothingWithoutANameIsDeleted() throws IOException {
        apply(POLICY);
        String nameless = POLICY.replace("name: p", "generateName: p-");
        List<String> lines = new ArrayList<>();
        Path file = Files.writeString(folder.resolve("m.yaml"), nameless);
        Objects.Outcome outcome = objects.delete(Manifests.read(file), "default", lines::add);
        assertThat(outcome.failed()).isOne();
        assertThat(lines)
                .singleElement()
                .satisfies(line -> assertThat(line).contains("m.yaml:1", "metadata.name is missing"));
        Kind kind = objects.kind("netpol");
        for (String name : List.of("", ".", "..", "p/status", "p?x", "%70")) {
            assertThatThrownBy(() -> objects.delete(kind, Optional.of("default"), name))
                    .as(name)
                    .isInstanceOf(LabException.class);
        }
        assertThat(server.registry().list(Resource.NETWORK_POLICIES, "", Selector.ALL))
                .hasSize(1);
    }
}
