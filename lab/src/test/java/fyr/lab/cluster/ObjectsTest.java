package fyr.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.apiserver.ApiServer;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.patch.PatchKind;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifests;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
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

/** Tests applying and deleting against the embedded server over HTTP. */
class ObjectsTest {
    @TempDir
    private Path folder = Path.of("");

    private ApiServer server;
    private ApiClient client;
    private Objects objects;
    private Objects.Outcome outcome = new Objects.Outcome(0, 0, 0, 0);

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
        outcome = objects.apply(Manifests.read(file), "default", lines::add);
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
        assertThat(Json.map(get(Kinds.NETWORK_POLICIES, "p"), "spec", "podSelector", "matchLabels"))
                .as("replaced, not merged")
                .containsOnlyKeys("tier");
        assertThat(apply(POLICY.replace("{matchLabels: {app: web}}", "{}")))
                .containsExactly("networkpolicy/p configured");
        assertThat(Json.at(get(Kinds.NETWORK_POLICIES, "p"), "spec", "podSelector"))
                .isEmpty();
        apply(POLICY.replace(", c: d", "").replaceAll(" *ingress:.*\n", ""));
        ObjectNode last = get(Kinds.NETWORK_POLICIES, "p");
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
        List<String> addresses = Json.texts(get(Kinds.SERVICES, "dns"), "spec", "clusterIPs");
        server.registry()
                .patch(
                        Kinds.SERVICES,
                        "default",
                        "dns",
                        PatchKind.MERGE,
                        Json.MAPPER.readTree("{\"metadata\":{\"labels\":{\"by\":\"other\"}}}"));
        assertThat(apply(SERVICE)).containsExactly("service/dns unchanged");
        apply(SERVICE.replace(", tier: a", ""));
        assertThat(apply(SERVICE.replace(", {name: t, port: 53}", "").replace(", tier: a", "")))
                .containsExactly("service/dns configured");
        ObjectNode service = get(Kinds.SERVICES, "dns");
        assertThat(Json.map(service, "spec", "selector")).containsOnlyKeys("app");
        assertThat(Json.map(service, "metadata", "labels")).containsOnlyKeys("by");
        assertThat(Json.texts(service, "spec", "clusterIPs")).isEqualTo(addresses);
        assertThat(Json.items(service, "spec", "ports"))
                .singleElement()
                .satisfies(port -> assertThat(Json.text(port, "protocol")).isEqualTo("UDP"));
    }

    /** The defaults of a pod and what the real API server adds (a service account's volume) do not count as differences from the manifest. */
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
                        Kinds.PODS,
                        "default",
                        "p",
                        PatchKind.MERGE,
                        Json.MAPPER.readTree("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}"));
        assertThat(apply(pod)).containsExactly("pod/p unchanged");
    }

    @Test
    void manifestsOfManyYearsAreTaken() throws IOException {
        List<String> lines = apply(resource("sock-shop.yaml").replace("ARCHITECTURE", "amd64"));
        assertThat(outcome.failed()).as(String.join("\n", lines)).isZero();
        assertThat(outcome).isEqualTo(new Objects.Outcome(14, 1, 0, 0));
        assertThat(lines.subList(0, 14)).allMatch(line -> line.endsWith(" created"));
        assertThat(lines)
                .filteredOn(line -> line.startsWith("passed over"))
                .containsExactly(
                        "passed over: 1 object, as extensions/v1beta1 Ingress is unknown here; it is served as networking.k8s.io/v1: old");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("warning"))
                .contains(
                        "warning: a lab keeps objects of kind Ingress, but nothing in it acts on them: ingress/front-end")
                .hasSize(6);
        assertThat(apply(resource("sock-shop.yaml").replace("ARCHITECTURE", "amd64"))
                        .subList(0, 14))
                .allMatch(line -> line.endsWith(" unchanged"));
    }

    private static String resource(String name) throws IOException {
        try (java.io.InputStream in = ObjectsTest.class.getResourceAsStream(name)) {
            return new String(java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aReplicationControllerIsDefaultedAndChecked() throws IOException {
        String controller = """
                apiVersion: v1
                kind: ReplicationController
                metadata: {name: r}
                spec:
                  selector: {a: SELECTED}
                  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}
                """;
        assertThat(apply(controller.replace("SELECTED", "c")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains(":6: replicationcontroller/r: ", "does not match"));
        assertThat(apply(controller.replace("  selector: {a: SELECTED}\n", "")))
                .contains("replicationcontroller/r created");
        assertThat(Json.map(get(Kinds.REPLICATION_CONTROLLERS, "r"), "spec", "selector"))
                .containsOnlyKeys("a");
    }

    @Test
    void aDumpBoundToOneFormOfAnObjectIsToldWhatToLeaveOut() throws IOException {
        apply(SERVICE);
        assertThat(apply(SERVICE.replace("name: dns}", "name: dns, resourceVersion: \"7\", uid: 1-2-3}")))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("service/dns", "leave metadata.resourceVersion and metadata.uid out"));
        assertThat(apply(SERVICE.replace("name: dns}", "name: dns, uid: 1-2-3}")))
                .singleElement()
                .satisfies(line -> assertThat(line).contains("leave metadata.uid out"));
        assertThat(outcome.failed()).isOne();
    }

    @Test
    void aMissingNamespaceIsOneLine() throws IOException {
        String pods = "";
        for (int i = 0; i < 12; i++) {
            pods += POD.formatted("p" + i + ", namespace: nowhere") + "---\n";
        }
        assertThat(apply(pods))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .startsWith("namespace nowhere does not exist, so 12 objects could not be created: pod/p0, ")
                        .contains("and 2 more", "{apiVersion: v1, kind: Namespace, metadata: {name: nowhere}}"));
        assertThat(outcome).isEqualTo(new Objects.Outcome(0, 0, 0, 12));
    }

    private static final String POD = """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec: {containers: [{name: c, image: x}]}
            """;

    @Test
    void podsOfADumpAreNotCollectedWithoutAWord() throws IOException {
        String owned = "%s, ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: %s, uid: 0-0}]";
        String orphan = POD.formatted(owned.formatted("lost", "gone"));
        assertThat(apply(orphan))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .contains("m.yaml:1: pod/lost: its owner ReplicaSet/gone is not here", "ownerReferences out"));
        assertThat(outcome).isEqualTo(new Objects.Outcome(0, 0, 0, 1));
        String set = """
                ---
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata: {name: web, uid: 0-0}
                spec:
                  selector: {matchLabels: {a: b}}
                  template: {metadata: {labels: {a: b}}, spec: {containers: [{name: c, image: x}]}}
                """;
        assertThat(apply(POD.formatted(owned.formatted("web-1", "web")) + set))
                .containsExactly(
                        "replicaset/web created",
                        "passed over: 1 object of ReplicaSet/web, which is another object here and makes its own: pod/web-1");
        assertThat(outcome).isEqualTo(new Objects.Outcome(1, 0, 1, 0));
        String uid = Json.uid(get(Kinds.REPLICA_SETS, "web"));
        assertThat(apply(POD.formatted(owned.formatted("mine", "web").replace("0-0", uid))))
                .containsExactly("pod/mine created");
    }

    /** The owner exists here, but nothing here creates the objects it owns. */
    @Test
    void whatNoOwnerMakesIsNotPassedOver() throws IOException {
        String kafka = """
                apiVersion: kafka.strimzi.io/v1
                kind: Kafka
                metadata: {name: k}
                ---
                """;
        String owned =
                "{name: p, ownerReferences: [{apiVersion: kafka.strimzi.io/v1, kind: Kafka, name: k, uid: 0-0}], ";
        assertThat(apply(kafka + POLICY.replace("{name: p, ", owned)))
                .anyMatch(line -> line.contains("its owner Kafka/k is another object here, which does not make it"))
                .anyMatch(line -> line.startsWith("NOT PROTECTED: default/p"));
        assertThat(outcome.failed()).isEqualTo(1);
    }

    @Test
    void refusedPoliciesEndWithWhatIsOpen() throws IOException {
        String bad = POLICY.replace("{app: front}", "{app: a@b}");
        assertThat(apply(POD.formatted("p") + "---\n" + bad))
                .endsWith(
                        "NOT PROTECTED: default/p (pods with app=web): refused, and what this policy forbids is open",
                        "1 of 2 objects are applied");
        assertThat(apply(bad.replace("networking.k8s.io/v1", "cilium.io/v2")
                        .replace("NetworkPolicy", "CiliumNetworkPolicy")))
                .containsExactly(
                        "passed over: 1 object, as cilium.io/v2 CiliumNetworkPolicy is unknown here: p",
                        "NOT PROTECTED: default/p (pods with app=web): refused, and what this policy forbids is open");
        assertThat(outcome.failed()).isOne();
        apply(POLICY);
        assertThat(apply(bad))
                .last()
                .isEqualTo("NOT CHANGED: default/p (pods with app=web): refused, and the form applied before holds");
    }

    /** The checks are those of an API server (apimachinery's validation of labels, names and selectors). */
    @Test
    void labelsAreCheckedWithFileLineAndField() throws IOException {
        refused(POD.formatted("p, labels: {a: app@b}"), ":3: pod/p: ", "metadata.labels: Invalid value: \"app@b\"");
        refused(POD.formatted("p, labels: {\"$x\": b}"), ":3: ", "metadata.labels: Invalid value: \"$x\"");
        refused(POD.formatted("p, annotations: {\"a b\": c}"), ":3: ", "metadata.annotations: Invalid value: \"a b\"");
        refused(
                POLICY.replace("matchLabels: {app: front}", "matchLabels: {app: $x}"),
                ":6: networkpolicy/p: ",
                "spec.ingress[0].from[0].podSelector.matchLabels: Invalid value: \"$x\"");
        refused(
                POLICY.replace("{app: web}", "{app@b: web}"),
                ":5: ",
                "spec.podSelector.matchLabels: Invalid value: \"app@b\"");
        refused(
                POLICY.replace(
                        "matchLabels: {app: web}", "matchExpressions: [{key: app, operator: In, values: [ok, app@b]}]"),
                ":5: ",
                "spec.podSelector.matchExpressions[0].values[1]: Invalid value: \"app@b\"");
        refused(SERVICE.replace("tier: a", "tier: -a"), ":5: service/dns: ", "spec.selector: Invalid value: \"-a\"");
        refused(
                POD.formatted("p").replace("spec: {", "spec: {nodeSelector: {a: b@c},\n"),
                ":4: ",
                "spec.nodeSelector: Invalid value: \"b@c\"");
        refused(
                POD.formatted("p").replace("spec: {", "spec: {\ntolerations: [{key: a@b, operator: Exists}],\n"),
                ":5: ",
                "spec.tolerations[0].key: Invalid value: \"a@b\"");
        refused(
                POD.formatted("p")
                        .replace(
                                "spec: {",
                                "spec: {affinity: {podAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [\n{topologyKey: x, labelSelector: {matchLabels: {a: b@c}}}]}},\n"),
                ":5: ",
                "labelSelector.matchLabels: Invalid value: \"b@c\"");
        refused(POD.formatted("p, labels: {a: \"" + "x".repeat(64) + "\"}"), ":3: ", "63 bytes");
        refused(POD.formatted("\"a@b\""), ":3: ", "no name");
    }

    private void refused(String manifest, String place, String words) throws IOException {
        List<String> lines = apply(manifest);
        assertThat(lines.getFirst())
                .startsWith(folder.resolve("m.yaml") + place)
                .contains(words);
        assertThat(outcome.failed()).isOne();
    }

    @Test
    void anUnknownFieldIsRefusedWithItsPlace() throws IOException {
        String file = folder.resolve("m.yaml").toString();
        String unknown = "strict decoding error: unknown field \"spec.podSelektor\"";
        String wrong = POLICY.replace("podSelector: {matchLabels: {app: web}}", "podSelektor: {}");
        assertThat(apply(wrong))
                .first()
                .satisfies(line -> assertThat(line)
                        .startsWith(file + ":5: networkpolicy/p: ")
                        .contains(unknown));
        apply(POLICY);
        assertThat(apply(wrong)).first().satisfies(line -> assertThat(line).contains(unknown));
    }

    /** Every object is applied or refused with its line, whatever its fields contain. No exception is thrown. */
    @Test
    void manifestsOfAnyShapeAreAppliedOrRefused() throws IOException {
        List<String> texts = List.of(POD.formatted("p"), SERVICE, POLICY);
        for (int seed = 0; seed < 400; seed++) {
            java.util.Random random = new java.util.Random(seed);
            ObjectNode manifest = (ObjectNode) Json.MAPPER.readTree(
                    Manifests.parse(texts.get(seed % 3), "m").getFirst().json());
            Json.child(manifest, "metadata")
                    .putArray("ownerReferences")
                    .addObject()
                    .put("name", "x");
            mutate(manifest, random, seed % 5);
            if (manifest.path("kind").isString() && manifest.path("apiVersion").isString()) {
                List<String> lines = apply(manifest.toString());
                assertThat(lines)
                        .as("seed " + seed + ": " + manifest)
                        .isNotEmpty()
                        .allMatch(line -> line.lines().count() <= 1);
            }
        }
    }

    private static void mutate(tools.jackson.databind.JsonNode node, java.util.Random random, int depth) {
        List<String> names = new ArrayList<>(node.propertyNames());
        if (!(node instanceof ObjectNode object) || names.isEmpty()) {
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        if (depth > 0 && object.path(name).isObject()) {
            mutate(object.path(name), random, depth - 1);
            return;
        }
        switch (random.nextInt(7)) {
            case 0 -> object.putNull(name);
            case 1 -> object.putArray(name).add(1).addNull().addObject().put("a", "b");
            case 2 -> object.put(name, -1);
            case 3 -> object.put(name, "../a b\n\u001b[2J%2f");
            case 4 -> object.putObject(name).put("x@y", true);
            case 5 -> object.put(name, true);
            default -> object.remove(name);
        }
    }

    /** A path without a name refers to the collection, and DELETE would delete the whole collection. */
    @Test
    void nothingWithoutANameIsDeleted() throws IOException {
        apply(POLICY);
        String nameless = POLICY.replace("name: p", "generateName: p-");
        List<String> lines = new ArrayList<>();
        Path file = Files.writeString(folder.resolve("m.yaml"), nameless);
        outcome = objects.delete(Manifests.read(file), "default", lines::add);
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
        assertThat(server.registry().list(Kinds.NETWORK_POLICIES, "", Selector.ALL))
                .hasSize(1);
    }
}
