package fyr.apiserver.controller;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.apiserver.ApiServer;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.WatchEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** Tests the controllers against the embedded server, with a kubelet that only reports success. */
class ControllersTest {
    private ApiServer server;
    private ObjectClient client;
    private Controllers controllers;
    private FakeKubelet kubelet;

    @BeforeEach
    void start() throws IOException {
        server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0));
        client = new DirectClient(server.registry());
        for (int i = 0; i < 3; i++) {
            FakeKubelet.node(client, "node-" + i);
        }
        controllers = Controllers.start(client);
        kubelet = FakeKubelet.start(client);
    }

    @AfterEach
    void stop() {
        kubelet.close();
        controllers.close();
        server.close();
    }

    private static void eventually(BooleanSupplier holds, String what) {
        Instant end = Instant.now().plusSeconds(10);
        while (!holds.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(end);
            try {
                Thread.sleep(Duration.ofMillis(10));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private ObjectNode create(Resource resource, String json) {
        return client.create(resource, "default", (ObjectNode) Json.MAPPER.readTree(json.replace('\'', '"')));
    }

    private static String template(String app, String image) {
        return "'selector':{'matchLabels':{'app':'" + app + "'}},'template':{'metadata':{'labels':{'app':'" + app
                + "'}},'spec':{'containers':[{'name':'c','image':'" + image
                + "','ports':[{'name':'http','containerPort':8080}]}]}}";
    }

    private List<ObjectNode> pods(String app) {
        return client.list(Kinds.PODS, "default", Selector.ALL).stream()
                .filter(pod -> Pods.label(pod, "app").equals(app))
                .toList();
    }

    private void patch(Resource resource, String name, String json) {
        client.patch(resource, "default", name, PatchKind.STRATEGIC, Json.MAPPER.readTree(json.replace('\'', '"')));
    }

    private boolean rolled(int replicas, String image) {
        List<ObjectNode> pods = pods("web");
        return pods.size() == replicas
                && pods.stream()
                        .allMatch(pod -> Pods.isReady(pod) && pod.toString().contains("\"image\":\"" + image + "\""));
    }

    @Test
    void adoptsWhatItSelectsAndReleasesWhatItDoesNot() {
        create(
                Kinds.PODS,
                "{'metadata':{'name':'found','labels':{'app':'web'}},'spec':{'containers':[{'name':'c','image':'1'}]}}");
        eventually(() -> rolled(1, "1"), "seen: who counts before that makes one too many, and takes one away");
        create(Kinds.REPLICA_SETS, "{'metadata':{'name':'web'},'spec':{'replicas':3," + template("web", "1") + "}}");
        eventually(() -> rolled(3, "1"), "three with the one that was there");
        assertThat(pods("web"))
                .anyMatch(pod -> Json.name(pod).equals("found"))
                .allMatch(pod -> Pods.controller(pod).isPresent());
        String taken = Json.name(pods("web").getLast());
        patch(Kinds.PODS, taken, "{'metadata':{'labels':{'app':'taken-out'}}}");
        eventually(
                () -> rolled(3, "1")
                        && pods("taken-out").stream()
                                .allMatch(pod -> Pods.controller(pod).isEmpty()),
                "released and replaced");
        client.delete(
                Kinds.REPLICA_SETS,
                "default",
                "web",
                new DeleteOptions(java.util.Optional.empty(), true, java.util.Optional.empty(), false));
        eventually(
                () -> pods("web").stream().allMatch(pod -> Pods.controller(pod).isEmpty()), "orphaned");
        create(Kinds.REPLICA_SETS, "{'metadata':{'name':'again'},'spec':{'replicas':3," + template("web", "1") + "}}");
        eventually(
                () -> rolled(3, "1")
                        && pods("web").stream()
                                .allMatch(pod -> Pods.controller(pod).isPresent()),
                "adopted");
    }

    private List<ObjectNode> events(String reason) {
        return client.list(Kinds.EVENTS, "default", Selector.ALL).stream()
                .filter(event -> Json.text(event, "reason").equals(reason))
                .toList();
    }

    @Test
    void tellsWhatItDoesAndWhatItCannot() {
        create(Kinds.REPLICA_SETS, "{'metadata':{'name':'web'},'spec':{'replicas':1," + template("web", "1") + "}}");
        eventually(() -> rolled(1, "1") && events("Scheduled").size() == 1, "placed");
        assertThat(events("SuccessfulCreate"))
                .singleElement()
                .satisfies(event -> assertThat(event.toString())
                        .contains("\"kind\":\"ReplicaSet\"", "Created pod: web-")
                        .contains("\"component\":\"replicaset-controller\""));
        create(
                Kinds.PODS,
                "{'metadata':{'name':'nowhere'},'spec':{'nodeSelector':{'a':'b'},'containers':[{'name':'c','image':'1'}]}}");
        eventually(() -> events("FailedScheduling").size() == 1, "said that no node fits");
        assertThat(Json.text(events("FailedScheduling").getFirst(), "message"))
                .isEqualTo("0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.");
    }

    /** Pods orphaned by the deletion of their owner must not be adopted for it again. A controller may learn of the deletion a little later. */
    @Test
    void anOwnerThatIsGoneAdoptsNothing() throws InterruptedException {
        DeleteOptions orphan = new DeleteOptions(java.util.Optional.empty(), true, java.util.Optional.empty(), false);
        for (int i = 0; i < 20; i++) {
            create(
                    Kinds.REPLICA_SETS,
                    "{'metadata':{'name':'web'},'spec':{'replicas':2," + template("web", "1") + "}}");
            eventually(() -> rolled(2, "1"), "there");
            client.delete(Kinds.REPLICA_SETS, "default", "web", orphan);
            Thread.sleep(30);
            assertThat(pods("web"))
                    .as("round %d", i)
                    .hasSize(2)
                    .allMatch(pod -> Pods.controller(pod).isEmpty());
            pods("web").forEach(pod -> client.delete(Kinds.PODS, "default", Json.name(pod), DeleteOptions.NOW));
        }
    }

    private String image(String pod) {
        return client.find(Kinds.PODS, "default", pod)
                .filter(Pods::isReady)
                .map(one -> Json.text(
                        Json.items(one, "spec", "containers").iterator().next(), "image"))
                .orElse("");
    }

    @Test
    void podsBelowThePartitionStayAsTheyWere() {
        create(
                Kinds.STATEFUL_SETS,
                "{'metadata':{'name':'web'},'spec':{'replicas':3,'serviceName':'web'," + template("web", "1") + "}}");
        eventually(() -> rolled(3, "1"), "first");
        patch(
                Kinds.STATEFUL_SETS,
                "web",
                "{'spec':{'updateStrategy':{'rollingUpdate':{'partition':2}},'template':{'spec':{'containers':[{'name':'c','image':'2'}]}}}}");
        eventually(() -> image("web-2").equals("2"), "renewed from the partition on");
        client.delete(Kinds.PODS, "default", "web-0", DeleteOptions.NOW);
        eventually(
                () -> image("web-0").equals("1")
                        && image("web-1").equals("1")
                        && image("web-2").equals("2"),
                "made of the old template");
        patch(Kinds.STATEFUL_SETS, "web", "{'spec':{'updateStrategy':{'rollingUpdate':{'partition':0}}}}");
        eventually(() -> rolled(3, "2"), "all of the new one");
    }

    @Test
    void mirrorsEndpointsOfServicesWithoutSelectors() {
        create(Kinds.SERVICES, "{'metadata':{'name':'db'},'spec':{'ports':[{'port':5432}]}}");
        create(
                Kinds.ENDPOINTS,
                "{'metadata':{'name':'db'},'subsets':[{'addresses':[{'ip':'203.0.113.1'},{'ip':'2001:db8::1'}],'notReadyAddresses':[{'ip':'203.0.113.2'}],'ports':[{'port':5432}]}]}");
        eventually(() -> slices("db").size() == 2, "one a family");
        assertThat(slices("db").toString())
                .contains(
                        "\"addresses\":[\"203.0.113.1\"],\"conditions\":{\"ready\":true}",
                        "[\"203.0.113.2\"],\"conditions\":{\"ready\":false}",
                        "2001:db8::1");
        client.patch(
                Kinds.ENDPOINTS,
                "default",
                "db",
                PatchKind.MERGE,
                Json.MAPPER.readTree(
                        "{\"subsets\":[{\"addresses\":[{\"ip\":\"203.0.113.9\"}],\"ports\":[{\"port\":1}]}]}"));
        eventually(() -> slices("db").size() == 1 && slices("db").toString().contains("203.0.113.9"), "changed");
        client.delete(Kinds.ENDPOINTS, "default", "db", DeleteOptions.PLAIN);
        eventually(() -> slices("db").isEmpty(), "gone with them");
    }

    @Test
    void endpointsThatSomebodyWroteGiveWayToASelector() {
        create(Kinds.SERVICES, "{'metadata':{'name':'web'},'spec':{'ports':[{'port':80,'targetPort':'http'}]}}");
        create(
                Kinds.ENDPOINTS,
                "{'metadata':{'name':'web'},'subsets':[{'addresses':[{'ip':'203.0.113.1'}],'ports':[{'port':8080}]}]}");
        eventually(() -> slices("web").toString().contains("203.0.113.1"), "mirrored");
        create(Kinds.REPLICA_SETS, "{'metadata':{'name':'web'},'spec':{'replicas':2," + template("web", "1") + "}}");
        patch(Kinds.SERVICES, "web", "{'spec':{'selector':{'app':'web'}}}");
        eventually(() -> subsets("web").equals("2 addresses at 8080"), "the selector's: " + subsets("web"));
        eventually(() -> slices("web").size() == 1, "the mirror is gone");
        assertThat(slices("web").toString()).doesNotContain("203.0.113.1");
        patch(Kinds.REPLICA_SETS, "web", "{'spec':{'replicas':0}}");
        eventually(() -> subsets("web").equals("none"), "nobody left");
        patch(Kinds.ENDPOINTS, "web", "{'subsets':[{'addresses':[{'ip':'203.0.113.2'}]}]}");
        eventually(() -> subsets("web").equals("none"), "written over");
        client.delete(Kinds.SERVICES, "default", "web", DeleteOptions.PLAIN);
        eventually(() -> slices("web").isEmpty(), "gone with the Service");
        assertThat(client.find(Kinds.ENDPOINTS, "default", "web")).isEmpty();
    }

    private String subsets(String service) {
        return client.find(Kinds.ENDPOINTS, "default", service).stream()
                .flatMap(endpoints -> Json.items(endpoints, "subsets").stream())
                .map(subset -> Json.items(subset, "addresses").size() + " addresses at "
                        + Json.number(subset.path("ports").path(0), 0, "port"))
                .findFirst()
                .orElse("none");
    }

    /** A plain init container has ended when the pod serves. A sidecar is still running. */
    @Test
    void aPlainInitContainersPortHasNoName() {
        create(
                Kinds.SERVICES,
                "{'metadata':{'name':'web'},'spec':{'selector':{'app':'web'},'ports':[{'port':80,'targetPort':'side'}]}}");
        String init = "'initContainers':[{'name':'i','image':'i',%s'ports':[{'name':'side','containerPort':9000}]}],";
        String set = "{'metadata':{'name':'%s'},'spec':{'replicas':1," + template("web", "1") + "}}";
        create(
                Kinds.REPLICA_SETS,
                set.formatted("plain").replace("'containers':", init.formatted("") + "'containers':"));
        eventually(() -> pods("web").stream().filter(Pods::isReady).count() == 1, "one pod");
        eventually(() -> slices("web").toString().contains("\"ports\":[]"), "no port: " + slices("web"));
        assertThat(slices("web").toString()).doesNotContain("9000");
        String sidecar = init.formatted("'restartPolicy':'Always',");
        create(Kinds.REPLICA_SETS, set.formatted("side").replace("'containers':", sidecar + "'containers':"));
        eventually(() -> slices("web").toString().contains("9000"), "the sidecar's port");
    }

    @Test
    void podsOfAnotherSchedulerWaitForIt() {
        String pod =
                "{'metadata':{'name':'%s','labels':{'app':'web'}},'spec':{'schedulerName':'%s','containers':[{'name':'c','image':'1'}]}}";
        create(Kinds.PODS, pod.formatted("theirs", "volcano"));
        create(Kinds.PODS, pod.formatted("ours", "default-scheduler"));
        eventually(
                () -> pods("web").stream().anyMatch(one -> Json.name(one).equals("ours") && Pods.isReady(one)),
                "ours is placed");
        ObjectNode theirs = client.find(Kinds.PODS, "default", "theirs").orElseThrow();
        assertThat(Json.text(theirs, "spec", "nodeName")).isEmpty();
        assertThat(Json.items(theirs, "status", "conditions")).isEmpty();
        client.bind("default", "theirs", "node-1");
        eventually(() -> pods("web").stream().filter(Pods::isReady).count() == 2, "placed by whoever schedules it");
    }

    private List<ObjectNode> slices(String service) {
        return client.list(Kinds.ENDPOINT_SLICES, "default", Selector.ALL).stream()
                .filter(slice -> Pods.label(slice, EndpointSlices.SERVICE).equals(service))
                .toList();
    }

    @Test
    void rollsADeployment() {
        create(Kinds.DEPLOYMENTS, "{'metadata':{'name':'web'},'spec':{'replicas':4," + template("web", "1") + "}}");
        eventually(() -> rolled(4, "1"), "first roll-out");
        patch(Kinds.DEPLOYMENTS, "web", "{'spec':{'replicas':7}}");
        eventually(() -> rolled(7, "1"), "scaled up");
        patch(
                Kinds.DEPLOYMENTS,
                "web",
                "{'spec':{'replicas':2,'template':{'spec':{'containers':[{'name':'c','image':'2'}]}}}}");
        eventually(() -> rolled(2, "2"), "scaled down and renewed at once");
        patch(Kinds.DEPLOYMENTS, "web", "{'spec':{'template':{'spec':{'containers':[{'name':'c','image':'1'}]}}}}");
        eventually(() -> rolled(2, "1"), "back");
        assertThat(client.list(Kinds.REPLICA_SETS, "default", Selector.ALL)).hasSize(2);
        client.delete(Kinds.DEPLOYMENTS, "default", "web", DeleteOptions.PLAIN);
        eventually(() -> pods("web").isEmpty(), "gone");
    }

    @Test
    void spreadsPodsAndHonoursCordons() {
        patch(Kinds.NODES, "node-1", "{'spec':{'unschedulable':true}}");
        create(Kinds.DEPLOYMENTS, "{'metadata':{'name':'web'},'spec':{'replicas':4," + template("web", "1") + "}}");
        eventually(() -> rolled(4, "1"), "ready");
        Map<String, Integer> perNode = new TreeMap<>();
        pods("web").forEach(pod -> perNode.merge(Json.text(pod, "spec", "nodeName"), 1, Integer::sum));
        assertThat(perNode).containsExactly(Map.entry("node-0", 2), Map.entry("node-2", 2));
    }

    /**
     * Returns what happened to the pods of an application, in the order of the events: the name of a pod when it appeared, and the name with an
     * exclamation mark when it became ready.
     */
    private List<String> told(ObjectWatch watch, String app) throws InterruptedException {
        List<String> all = new ArrayList<>();
        for (WatchEvent event : watch.poll(Duration.ofSeconds(1))) {
            if (Pods.label(event.object(), "app").equals(app)) {
                String what = Json.name(event.object()) + (Pods.isReady(event.object()) ? "!" : "");
                if (!all.contains(what)) {
                    all.add(what);
                }
            }
        }
        return all;
    }

    @Test
    void makesThePodsOfAStatefulSetInOrder() throws InterruptedException {
        try (ObjectWatch watch = client.watch(Kinds.PODS)) {
            create(
                    Kinds.STATEFUL_SETS,
                    "{'metadata':{'name':'db'},'spec':{'serviceName':'db','replicas':3," + template("db", "1") + "}}");
            eventually(() -> pods("db").stream().filter(Pods::isReady).count() == 3, "three pods");
            assertThat(told(watch, "db")).containsExactly("db-0", "db-0!", "db-1", "db-1!", "db-2", "db-2!");
        }
    }

    @Test
    void namesTheEndpointsOfAStatefulSet() {
        create(
                Kinds.SERVICES,
                "{'metadata':{'name':'db'},'spec':{'clusterIP':'None','ipFamilyPolicy':'PreferDualStack','selector':{'app':'db'},'ports':[{'port':80,'targetPort':'http'}]}}");
        create(
                Kinds.STATEFUL_SETS,
                "{'metadata':{'name':'db'},'spec':{'serviceName':'db','replicas':3," + template("db", "1") + "}}");
        eventually(() -> pods("db").stream().filter(Pods::isReady).count() == 3, "three pods");
        eventually(
                () -> endpoints("db").equals(List.of("IPv4:db-0,db-1,db-2:8080", "IPv6:db-0,db-1,db-2:8080")),
                "slices: " + endpoints("db"));
        patch(Kinds.STATEFUL_SETS, "db", "{'spec':{'replicas':1}}");
        eventually(() -> endpoints("db").equals(List.of("IPv4:db-0:8080", "IPv6:db-0:8080")), "scaled down");
    }

    private List<String> endpoints(String service) {
        return client.list(Kinds.ENDPOINT_SLICES, "default", Selector.ALL).stream()
                .filter(slice -> Pods.label(slice, EndpointSlices.SERVICE).equals(service))
                .map(slice -> Json.text(slice, "addressType") + ":"
                        + String.join(
                                ",",
                                Json.items(slice, "endpoints").stream()
                                        .map(one -> Json.text(one, "hostname"))
                                        .sorted()
                                        .toList())
                        + ":"
                        + String.join(
                                ",",
                                Json.items(slice, "ports").stream()
                                        .map(one -> Json.scalar(one.path("port")))
                                        .toList()))
                .sorted()
                .toList();
    }

    @Test
    void runsDaemonsAndJobs() {
        create(Kinds.DAEMON_SETS, "{'metadata':{'name':'ds'},'spec':{" + template("ds", "1") + "}}");
        eventually(() -> pods("ds").stream().filter(Pods::isReady).count() == 3, "one on each node");
        FakeKubelet.node(client, "node-3");
        eventually(() -> pods("ds").stream().filter(Pods::isReady).count() == 4, "one on the new node");
        create(
                Kinds.JOBS,
                "{'metadata':{'name':'job'},'spec':{'completions':3,'template':{'spec':{'restartPolicy':'Never','containers':[{'name':'c','image':'x'}]}}}}");
        eventually(
                () -> client.find(Kinds.JOBS, "default", "job")
                        .filter(job -> fyr.apiserver.object.Conditions.isTrue(job, "Complete"))
                        .isPresent(),
                "complete");
        assertThat(pods("")).hasSize(3);
    }
}
