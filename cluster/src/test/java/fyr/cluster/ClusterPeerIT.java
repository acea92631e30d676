package fyr.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import fyr.cluster.event.EventWriter;
import fyr.cluster.protobuf.ListStream;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.model.ClusterSnapshot;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Pod;
import fyr.model.PodScope;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** List and watch against the real kube-apiserver and etcd. */
class ClusterPeerIT {

    @TempDir(cleanup = CleanupMode.ALWAYS)
    static Path folder;

    static ControlPlane plane;
    static ApiClient admin;
    static PeerObjects objects;

    @BeforeAll
    static void start() throws IOException {
        plane = ControlPlane.start(folder.resolve("plane"));
        admin = ApiClient.connect(new Kubeconfig(plane.kubeconfig()));
        objects = new PeerObjects(admin);
    }

    @AfterAll
    static void stop() {
        if (plane != null) {
            admin.close();
            plane.close();
        }
    }

    @Test
    void sixKindsArriveAsRecordsAndAsChanges() throws Exception {
        objects.namespace("six");
        try (Follower follower = new Follower(ApiClient.connect(new Kubeconfig(plane.kubeconfig())))) {
            follower.await(s -> s.namespaces().containsKey("six"));
            objects.create("/api/v1/nodes", """
                {"apiVersion":"v1","kind":"Node","metadata":{"name":"n1"},"spec":{"podCIDRs":["10.244.1.0/24","fd00:10:244:1::/64"]}}""");
            objects.patchStatus("/api/v1/nodes/n1", """
                {"status":{"addresses":[{"type":"Hostname","address":"n1"},{"type":"InternalIP","address":"192.0.2.1"}]}}""");
            objects.create("/api/v1/namespaces/six/pods", PeerObjects.pod("web", "app", "web"));
            objects.patchStatus("/api/v1/namespaces/six/pods/web", """
                {"status":{"phase":"Running","podIP":"10.244.1.5","podIPs":[{"ip":"10.244.1.5"},{"ip":"fd00:10:244:1::5"}]}}""");
            objects.create("/api/v1/namespaces/six/services", """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"ipFamilyPolicy":"PreferDualStack",
                "selector":{"app":"web"},"ports":[{"name":"http","port":80,"targetPort":8080}]}}""");
            objects.create("/apis/discovery.k8s.io/v1/namespaces/six/endpointslices", """
                {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4",
                "metadata":{"name":"web-1","labels":{"kubernetes.io/service-name":"web"}},"ports":[{"name":"http","port":8080,"protocol":"TCP"}],
                "endpoints":[{"addresses":["10.244.1.5"],"conditions":{},"nodeName":"n1","targetRef":{"kind":"Pod","namespace":"six","name":"web"}}]}""");
            objects.create("/apis/networking.k8s.io/v1/namespaces/six/networkpolicies", """
                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny"},"spec":{"podSelector":{}}}""");
            NamespacedName web = new NamespacedName("six", "web");
            ClusterSnapshot all = follower.await(s -> s.policies().size() == 1
                    && s.endpointSlices().containsKey(web)
                    && s.pods().get(web).filter(p -> p.addresses().size() == 2).isPresent()
                    && s.nodes()
                            .get("n1")
                            .filter(n -> n.addresses().size() == 1)
                            .isPresent());
            assertThat(all.pods().get(web).orElseThrow().ports())
                    .extracting(Pod.ContainerPort::port)
                    .containsExactly(8080);
            Service service = all.services().get(web).orElseThrow();
            assertThat(service.clusterIps()).hasSize(2);
            assertThat(all.nodes().get("n1").orElseThrow().addresses()).containsExactly(IpAddress.parse("192.0.2.1"));
            assertThat(all.policies()
                            .get(new NamespacedName("six", "deny"))
                            .orElseThrow()
                            .isolatesIngress())
                    .isTrue();
            assertThat(follower.watch().silence())
                    .hasValueSatisfying(silence -> assertThat(silence).isLessThan(Duration.ofSeconds(90)));

            admin.delete("/apis/networking.k8s.io/v1/namespaces/six/networkpolicies/deny");
            admin.delete("/api/v1/nodes/n1");
            ClusterSnapshot later =
                    follower.await(s -> s.policies().isEmpty() && s.nodes().isEmpty());
            assertThat(later.services().get(web).orElseThrow()).isSameAs(service);
        }
    }

    /** The server's protobuf and JSON have the same contents, for objects with all fields that are read. */
    @Test
    void protobufAndJsonAreReadAlike() throws Exception {
        objects.namespace("alike");
        objects.create("/api/v1/nodes", """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"alike","labels":{"a":"b"}},"spec":{"podCIDRs":["10.244.7.0/24","fd00:10:244:7::/64"]},
            "status":{"addresses":[{"type":"Hostname","address":"alike"},{"type":"InternalIP","address":"192.0.2.7"},{"type":"InternalIP","address":"2001:db8::7"}],
            "images":[{"names":["x@sha256:1"],"sizeBytes":1}]}}""");
        objects.create("/api/v1/namespaces/alike/pods", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"rich","labels":{"a":"b","empty":""},"annotations":{"kubernetes.io/config.mirror":"0123456789abcdef",
            "other":"\\u00e9"}},"spec":{"nodeName":"alike","containers":[{"name":"c","image":"i","ports":[{"name":"http","containerPort":8080},
            {"name":"dns","protocol":"UDP","containerPort":53}]},{"name":"d","image":"i"}],
            "initContainers":[{"name":"s","image":"i","restartPolicy":"Always","ports":[{"name":"side","containerPort":9}]},{"name":"once","image":"i"}]}}""");
        objects.patchStatus("/api/v1/namespaces/alike/pods/rich", """
            {"status":{"phase":"Running","podIP":"10.244.7.5","podIPs":[{"ip":"10.244.7.5"},{"ip":"fd00:10:244:7::5"}]}}""");
        objects.create("/api/v1/namespaces/alike/pods", """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"host"},"spec":{"hostNetwork":true,"containers":[{"name":"c","image":"i"}]}}""");
        objects.patchStatus("/api/v1/namespaces/alike/pods/host", "{\"status\":{\"phase\":\"Failed\"}}");
        for (String spec : List.of(
                """
                "ipFamilyPolicy":"PreferDualStack","type":"LoadBalancer","selector":{"a":"b"},"externalTrafficPolicy":"Local","internalTrafficPolicy":"Local",
                "externalIPs":["198.51.100.1"],"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":77}},
                "loadBalancerSourceRanges":["198.51.100.0/24"],"trafficDistribution":"PreferClose",
                "ports":[{"name":"http","port":80,"targetPort":"http"},{"name":"dns","protocol":"UDP","port":53,"targetPort":53,"appProtocol":"dns"}]""",
                "\"type\":\"ExternalName\",\"externalName\":\"example.com\"",
                "\"clusterIP\":\"None\",\"publishNotReadyAddresses\":true,\"selector\":{\"a\":\"b\"}")) {
            objects.create(
                    "/api/v1/namespaces/alike/services",
                    "{\"apiVersion\":\"v1\",\"kind\":\"Service\",\"metadata\":{\"generateName\":\"s-\",\"labels\":{\"service.kubernetes.io/service-proxy-name\":\"\"},\"annotations\":{\"fyr.dev/ipvs-scheduler\":\"mh\",\"other\":\"x\"}},\"spec\":{"
                            + spec + "}}");
        }
        objects.create("/apis/discovery.k8s.io/v1/namespaces/alike/endpointslices", """
            {"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","addressType":"IPv4","metadata":{"name":"rich","labels":{"kubernetes.io/service-name":"s"}},
            "ports":[{"name":"http","port":8080,"protocol":"TCP"},{"name":"","port":53,"protocol":"UDP"}],"endpoints":[
            {"addresses":["10.244.7.5"],"conditions":{"ready":false,"serving":true,"terminating":true},"hostname":"h","nodeName":"alike","zone":"z","hints":{"forZones":[{"name":"z"}]}},
            {"addresses":["10.244.7.6"],"conditions":{}},{"addresses":["10.244.7.7"],"conditions":{"ready":true}}]}""");
        objects.create("/apis/networking.k8s.io/v1/namespaces/alike/networkpolicies", """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"rich"},"spec":{"podSelector":{"matchLabels":{"a":"b"}},
            "policyTypes":["Ingress","Egress"],"ingress":[{},{"from":[{"podSelector":{}},{"namespaceSelector":{}},
            {"namespaceSelector":{"matchExpressions":[{"key":"k","operator":"In","values":["v","w"]},{"key":"l","operator":"Exists"}]},"podSelector":{"matchLabels":{"x":"y"}}},
            {"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}],"ports":[{"port":"http"},{"protocol":"UDP"},{"port":80,"endPort":90}]}],
            "egress":[{"to":[{"ipBlock":{"cidr":"2001:db8::/32"}}]}]}}""");
        objects.create("/apis/networking.k8s.io/v1/namespaces/alike/networkpolicies", """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"deny"},"spec":{"podSelector":{}}}""");
        for (Kind<?, ?> kind :
                List.of(Kind.NODE, Kind.NAMESPACE, Kind.POD, Kind.SERVICE, Kind.ENDPOINT_SLICE, Kind.NETWORK_POLICY)) {
            alike(kind);
        }
        admin.delete("/api/v1/nodes/alike");
        admin.delete("/apis/networking.k8s.io/v1/namespaces/alike/networkpolicies");
    }

    private static <K, V> void alike(Kind<K, V> kind) throws IOException {
        List<Object> json = new ArrayList<>();
        List<Object> protobuf = new ArrayList<>();
        KindReader<K, V> reader = new KindReader<>(kind);
        try (InputStream body = admin.open(kind.path())) {
            reader.list(body, json::add);
        }
        try (InputStream body = admin.open(kind.path(), kind.message())) {
            assertThat(body).isInstanceOf(ListStream.class);
            reader.list(body, protobuf::add);
        }
        assertThat(protobuf).as(kind.name()).isNotEmpty().isEqualTo(json);
    }

    /** A node learns about others' pods when a policy refers to them, and about the policy when it knows the pods. */
    @Test
    void othersPodsComeWithThePolicyThatSpeaksOfThem() throws Exception {
        objects.namespace("scope");
        for (int i = 1; i <= 2; i++) {
            objects.create(
                    "/api/v1/namespaces/scope/pods",
                    PeerObjects.pod("p" + i, "app", "web").replace("\"n1\"", "\"scope-" + i + "\""));
            objects.patchStatus(
                    "/api/v1/namespaces/scope/pods/p" + i,
                    "{\"status\":{\"phase\":\"Running\",\"podIP\":\"10.244.%1$d.5\",\"podIPs\":[{\"ip\":\"10.244.%1$d.5\"}]}}"
                            .formatted(i));
        }
        NamespacedName own = new NamespacedName("scope", "p1");
        NamespacedName other = new NamespacedName("scope", "p2");
        NamespacedName deny = new NamespacedName("scope", "deny");
        NamespacedName peers = new NamespacedName("scope", "peers");
        PodDemand demand = (policy, _) ->
                new TreeSet<>(policy.ingress().isEmpty() ? List.of() : List.of(new PodScope.Namespaced("scope")));
        List<ClusterSnapshot> snapshots = new CopyOnWriteArrayList<>();
        try (ApiClient client = ApiClient.connect(new Kubeconfig(plane.kubeconfig()));
                ClusterWatch _ = ClusterWatch.start(client, "scope-1", demand, snapshots::add, _ -> {})) {
            eventually(() -> assertThat(snapshots).isNotEmpty());
            assertThat(snapshots.getLast().pods().sorted().keySet()).containsExactly(own);
            String policy = """
                {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"%s"},"spec":{"podSelector":{},"ingress":[%s]}}""";
            objects.create("/apis/networking.k8s.io/v1/namespaces/scope/networkpolicies", policy.formatted("deny", ""));
            eventually(() ->
                    assertThat(snapshots.getLast().policies().containsKey(deny)).isTrue());
            assertThat(snapshots.getLast().pods().containsKey(other)).isFalse();
            objects.create(
                    "/apis/networking.k8s.io/v1/namespaces/scope/networkpolicies",
                    policy.formatted("peers", "{\"from\":[{\"podSelector\":{}}]}"));
            eventually(() -> assertThat(snapshots.getLast().policies().containsKey(peers))
                    .isTrue());
            assertThat(snapshots)
                    .allMatch(s -> s.pods().containsKey(own))
                    .allMatch(s -> !s.policies().containsKey(peers) || s.pods().containsKey(other));
            admin.delete("/api/v1/namespaces/scope/pods/p2?gracePeriodSeconds=0");
            eventually(() ->
                    assertThat(snapshots.getLast().pods().containsKey(other)).isFalse());
        } finally {
            admin.delete("/apis/networking.k8s.io/v1/namespaces/scope/networkpolicies");
        }
    }

    /** KEP-3157 can be switched off, and is off in servers before 1.34. */
    @Test
    void aServerWithoutStreamingListsIsAskedForLists() throws Exception {
        try (ControlPlane old = ControlPlane.start(folder.resolve("old"), "--feature-gates", "WatchList=false");
                ApiClient client = ApiClient.connect(new Kubeconfig(old.kubeconfig()))) {
            assertThatThrownBy(() -> client.watch("/api/v1/namespaces?watch=true&allowWatchBookmarks=true"
                            + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan"))
                    .isInstanceOfSatisfying(
                            ApiException.class, e -> assertThat(e.status()).isEqualTo(422));
            try (Follower follower = new Follower(ApiClient.connect(new Kubeconfig(old.kubeconfig())))) {
                follower.await(s -> s.namespaces().containsKey("default"));
                client.create(
                        "/api/v1/namespaces",
                        PeerObjects.bytes(
                                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"late\"}}"));
                follower.await(s -> s.namespaces().containsKey("late"));
                assertThat(follower.texts()).noneMatch(text -> text.contains("lost"));
            }
        }
    }

    /** The server checks events strictly; kubectl shows those with the object's UID beside the object. */
    @Test
    void complaintsBecomeEvents() throws Exception {
        objects.create("/api/v1/nodes", """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"liar"}}""");
        objects.namespace("told");
        objects.create("/api/v1/namespaces/told/services", """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"sessionAffinity":"ClientIP","ports":[{"port":80}]}}""");
        try (ApiClient client = ApiClient.connect(new Kubeconfig(plane.kubeconfig()));
                EventWriter one = EventWriter.start(client, "node1", () -> List.of("node1", "node2"));
                EventWriter two = EventWriter.start(client, "node2", () -> List.of("node1", "node2"))) {
            for (EventWriter writer : List.of(one, two)) {
                writer.accept(new Observation.ObjectRefused(
                        Objection.UNREADABLE, "Node", "liar", "spec.podCIDRs[0]", "x".repeat(2000)));
                writer.accept(new Observation.ObjectRefused(
                        Objection.UNREADABLE, "Service", "told/web", "spec.sessionAffinity", "not yet"));
            }
            eventually(() -> says("default", "\"regarding\":{\"kind\":\"Node\",\"name\":\"liar\",\"uid\":"));
            eventually(() -> says("told", "spec.sessionAffinity: not yet"));
            assertThat(events("default").split("NotAsWritten", -1)).hasSize(2);
        }
    }

    private void says(String namespace, String part) {
        if (!events(namespace).contains(part)) {
            throw new IllegalStateException(events(namespace));
        }
    }

    private String events(String namespace) {
        return new String(
                admin.get("/apis/events.k8s.io/v1/namespaces/" + namespace + "/events"), StandardCharsets.UTF_8);
    }

    @Test
    void aRestartOfTheServerLosesNothing() throws Exception {
        objects.namespace("before");
        try (Follower follower = new Follower(ApiClient.connect(new Kubeconfig(plane.kubeconfig())))) {
            Namespace before = follower.await(s -> s.namespaces().containsKey("before"))
                    .namespaces()
                    .get("before")
                    .orElseThrow();
            int observed = follower.observations.size();
            plane.restartApiServer();
            follower.awaitObservation(observed, o -> o instanceof Observation.WatchChanged w && !w.connected());
            assertThat(follower.last().namespaces().get("before").orElseThrow()).isSameAs(before);
            eventually(() -> objects.namespace("after"));
            ClusterSnapshot after = follower.await(s -> s.namespaces().containsKey("after"));
            assertThat(after.namespaces().get("before").orElseThrow()).isSameAs(before);
            assertThat(follower.snapshots).allMatch(s -> s.namespaces().containsKey("before"));
        }
    }

    @Test
    void anExpiredVersionIsListedAgainWithoutAFlap() throws Exception {
        objects.namespace("stays");
        objects.namespace("goes");
        try (Gate gate = new Gate(plane.port());
                Follower follower =
                        new Follower(ApiClient.connect(new Kubeconfig(throughGate(gate, "token", adminToken()))))) {
            Namespace stays = follower.await(s -> s.namespaces().containsKey("stays"))
                    .namespaces()
                    .get("stays")
                    .orElseThrow();
            follower.awaitObservation(
                    0,
                    o -> o instanceof Observation.WatchChanged w
                            && w.connected()
                            && w.kind().equals("Namespace"));
            gate.shut();
            objects.create("/api/v1/namespaces", """
                {"apiVersion":"v1","kind":"Namespace","metadata":{"name":"meanwhile"}}""");
            for (int i = 0; i < 5; i++) {
                admin.patch(
                        "/api/v1/namespaces/goes",
                        Patch.MERGE,
                        PeerObjects.bytes("{\"metadata\":{\"labels\":{\"n\":\"" + i + "\"}}}"));
            }
            String listed = new String(admin.get("/api/v1/namespaces"), StandardCharsets.UTF_8);
            plane.restartApiServer();
            plane.compact();
            eventually(() -> admin.get("/readyz"));
            expectExpiry();
            gate.open();
            ClusterSnapshot after = follower.await(s -> s.namespaces().containsKey("meanwhile"));
            assertThat(after.namespaces().get("goes").orElseThrow().labels().get("n"))
                    .contains("4");
            assertThat(after.namespaces().get("stays").orElseThrow()).isSameAs(stays);
            assertThat(follower.snapshots).allMatch(s -> s.namespaces().containsKey("stays"));
            assertThat(listed).contains("meanwhile");
        }
    }

    /** Proves that version 1 is gone: the server returns 410 to others too. */
    private static void expectExpiry() throws IOException {
        try (var stream = admin.watch(
                "/api/v1/namespaces?watch=true&allowWatchBookmarks=true&timeoutSeconds=5&resourceVersion=1")) {
            assertThat(new String(stream.next().orElseThrow(), StandardCharsets.UTF_8))
                    .contains("410");
        } catch (ApiException e) {
            assertThat(e.expired()).isTrue();
        }
    }

    @Test
    void aRevokedTokenIsReplacedByTheOneInTheFile() throws Exception {
        Path tokens = plane.folder().resolve("tokens.csv");
        String others = Files.readString(tokens);
        Path tokenFile = folder.resolve("agent-token");
        Files.writeString(tokenFile, "first\n");
        Files.writeString(tokens, others + "first,agent,agent,system:masters\n");
        restartAndWait();
        try (Gate gate = new Gate(plane.port());
                Follower follower = new Follower(
                        ApiClient.connect(new Kubeconfig(throughGate(gate, "tokenFile", tokenFile.toString()))))) {
            follower.await(s -> s.namespaces().containsKey("default"));
            int observed = follower.observations.size();
            gate.shut();
            Files.writeString(tokens, others + "second,agent,agent,system:masters\n");
            restartAndWait();
            gate.open();
            follower.awaitObservation(observed, o -> o instanceof Observation.WatchChanged w && !w.connected());
            Thread.sleep(2000); // several refusals with the old token
            assertThat(follower.last().namespaces().containsKey("default")).isTrue();
            Files.writeString(tokenFile, "second\n");
            objects.namespace("rotated");
            follower.await(s -> s.namespaces().containsKey("rotated"));
        } finally {
            Files.writeString(tokens, others);
        }
    }

    private static String adminToken() throws IOException {
        return Files.readString(plane.folder().resolve("tokens.csv")).split(",", 2)[0];
    }

    private static Path throughGate(Gate gate, String field, String value) throws IOException {
        Path file = folder.resolve("gate-" + gate.port());
        Files.writeString(file, """
            current-context: x
            contexts: [{name: x, context: {cluster: c, user: u}}]
            clusters: [{name: c, cluster: {server: "https://127.0.0.1:%d", certificate-authority: %s}}]
            users: [{name: u, user: {%s: "%s"}}]
            """.formatted(gate.port(), plane.folder().resolve("apiserver.crt"), field, value));
        return file;
    }

    private static void restartAndWait() throws Exception {
        plane.restartApiServer();
        Thread.sleep(200);
        eventually(() -> admin.get("/readyz"));
        eventually(() -> admin.get("/api/v1/namespaces/default"));
    }

    private static void eventually(Runnable request) throws InterruptedException {
        RuntimeException last = new IllegalStateException();
        for (int i = 0; i < 300; i++) {
            try {
                request.run();
                return;
            } catch (RuntimeException e) {
                last = e;
                Thread.sleep(100);
            } catch (AssertionError e) {
                last = new IllegalStateException(e);
                Thread.sleep(20);
            }
        }
        throw last;
    }
}
