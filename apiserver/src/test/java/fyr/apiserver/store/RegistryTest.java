package fyr.apiserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.apiserver.Settings;
import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.kinds.Setup;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.patch.PatchKind;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class RegistryTest {
    private final Registry registry = fresh(1000);

    private static Registry fresh(int history) {
        Settings lab = Settings.LAB;
        Registry registry = new Registry(
                new Store(history, 100),
                new Catalog(Kinds.ALL),
                new Setup(lab.serviceRanges(), lab.podRanges()),
                InstantSource.system());
        registry.create(Kinds.NAMESPACES, "", json("{'metadata':{'name':'default'}}"));
        return registry;
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    private ObjectNode service(String name, String spec) {
        return registry.create(
                Kinds.SERVICES, "default", json("{'metadata':{'name':'" + name + "'},'spec':" + spec + "}"));
    }

    private ObjectNode pod(String name, String labels) {
        return registry.create(
                Kinds.PODS,
                "default",
                json("{'metadata':{'name':'" + name + "','labels':" + labels
                        + "},'spec':{'containers':[{'name':'c','image':'x'}]}}"));
    }

    @Test
    void givesServicesOneFamilyUnlessTheyAskForBoth() {
        ObjectNode plain = service("a", "{'ports':[{'port':80}]}");
        assertThat(Json.texts(plain, "spec", "clusterIPs")).containsExactly("10.96.1.0");
        assertThat(Json.text(plain, "spec", "ipFamilyPolicy")).isEqualTo("SingleStack");
        assertThat(Json.texts(plain, "spec", "ipFamilies")).containsExactly("IPv4");
        ObjectNode both = service("b", "{'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]}");
        assertThat(Json.texts(both, "spec", "clusterIPs")).containsExactly("10.96.1.1", "fd00:10:96::100");
        ObjectNode six = service("d", "{'ipFamilies':['IPv6'],'ports':[{'port':80}]}");
        assertThat(Json.texts(six, "spec", "clusterIPs")).containsExactly("fd00:10:96::101");
        ObjectNode sixFirst =
                service("g", "{'ipFamilyPolicy':'RequireDualStack','ipFamilies':['IPv6'],'ports':[{'port':80}]}");
        assertThat(Json.texts(sixFirst, "spec", "ipFamilies")).containsExactly("IPv6", "IPv4");
        ObjectNode byAddress = service("h", "{'clusterIP':'fd00:10:96::7','ports':[{'port':80}]}");
        assertThat(Json.texts(byAddress, "spec", "ipFamilies")).containsExactly("IPv6");
    }

    @Test
    void aProbeHasItsDefaultsInPlaceOfZero() {
        String pod = "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'x',"
                + "'readinessProbe':{'tcpSocket':{'port':80},'periodSeconds':%d,'timeoutSeconds':0,'failureThreshold':0}}]}}";
        ObjectNode made = registry.create(Kinds.PODS, "default", json(pod.formatted(0)));
        assertThat(Json.at(Json.items(made, "spec", "containers").iterator().next(), "readinessProbe"))
                .isEqualTo(json("{'tcpSocket':{'port':80},'timeoutSeconds':1,'periodSeconds':10,'successThreshold':1,"
                        + "'failureThreshold':3}"));
        assertThatThrownBy(() -> registry.create(Kinds.PODS, "default", json(pod.formatted(-1))))
                .hasMessageContaining("spec.containers[0].readinessProbe.periodSeconds: Invalid value: -1");
    }

    @Test
    void aServiceWithTwoFamiliesSaysSo() {
        assertThatThrownBy(() -> service("a", "{'ipFamilies':['IPv4','IPv6'],'ports':[{'port':80}]}"))
                .hasMessageContaining(
                        "'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified");
        assertThatThrownBy(() -> service(
                        "a",
                        "{'clusterIPs':['10.96.0.7','fd00:10:96::7'],'clusterIP':'10.96.0.7','ports':[{'port':80}]}"))
                .hasMessageContaining(
                        "'RequireDualStack' or 'PreferDualStack' when multiple cluster IPs are specified");
        service("b", "{'ipFamilyPolicy':'PreferDualStack','ports':[{'port':80}]}");
        assertThatThrownBy(() -> change("b", "{'spec':{'ipFamilies':['IPv4']}}"))
                .hasMessageContaining("must be 'SingleStack' to release the secondary IP family");
        assertThatThrownBy(() -> change("b", "{'spec':{'ipFamilies':['IPv6','IPv4']}}"))
                .hasMessageContaining("expected an IPv6 value as indicated by `ipFamilies[0]`");
    }

    @Test
    void aHeadlessServiceHasOneFamilyToo() {
        assertThat(Json.texts(service("e", "{'clusterIP':'None','selector':{'a':'b'}}"), "spec", "ipFamilies"))
                .containsExactly("IPv4");
        ObjectNode free = service("f", "{'clusterIP':'None'}");
        assertThat(Json.texts(free, "spec", "ipFamilies")).containsExactly("IPv4", "IPv6");
        assertThat(Json.text(free, "spec", "ipFamilyPolicy")).isEqualTo("RequireDualStack");
    }

    @Test
    void freesTheAddressesOfServicesThatGo() {
        service("a", "{'ports':[{'port':80}]}");
        String second = "{'clusterIP':'10.96.1.0','ports':[{'port':80}]}";
        assertThatThrownBy(() -> service("c", second)).hasMessageContaining("provided IP is already allocated");
        registry.delete(Kinds.SERVICES, "default", "a", DeleteOptions.PLAIN);
        assertThat(Json.texts(service("c", second), "spec", "clusterIPs")).containsExactly("10.96.1.0");
    }

    @Test
    void endpointsGoWithTheirService() {
        service("a", "{'ports':[{'port':80}]}");
        registry.create(Kinds.ENDPOINTS, "default", json("{'metadata':{'name':'a'}}"));
        registry.create(Kinds.ENDPOINTS, "default", json("{'metadata':{'name':'other'}}"));
        registry.delete(Kinds.SERVICES, "default", "a", DeleteOptions.PLAIN);
        assertThat(registry.find(Kinds.ENDPOINTS, "default", "a")).isEmpty();
        assertThat(registry.find(Kinds.ENDPOINTS, "default", "other")).isPresent();
    }

    @Test
    void neverGivesANodePortTwice() {
        service("a", "{'type':'NodePort','ports':[{'port':80,'nodePort':30080}]}");
        assertThatThrownBy(() -> service("b", "{'type':'NodePort','ports':[{'port':80,'nodePort':30080}]}"))
                .hasMessage(
                        "Service \"b\" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated");
        assertThatThrownBy(() -> service("b", "{'type':'NodePort','ports':[{'port':80,'nodePort':80}]}"))
                .hasMessageContaining("The range of valid ports is 30000-32767");
        ObjectNode both = service(
                "c",
                "{'type':'NodePort','ports':[{'name':'t','port':53,'nodePort':30053},{'name':'u','port':53,'nodePort':30053,'protocol':'UDP'}]}");
        assertThat(Json.number(Json.items(both, "spec", "ports").iterator().next(), 0, "nodePort"))
                .isEqualTo(30053);
    }

    private ObjectNode change(String name, String patch) {
        return registry.patch(Kinds.SERVICES, "default", name, PatchKind.MERGE, json(patch));
    }

    @Test
    void aServiceChangesItsTypeAndItsFamilies() {
        service(
                "a",
                "{'ipFamilyPolicy':'PreferDualStack','type':'LoadBalancer','ports':[{'name':'x','port':80,'nodePort':30080},{'name':'y','port':81}]}");
        ObjectNode plain = change("a", "{'spec':{'type':'ClusterIP'}}");
        assertThat(Json.at(plain, "spec").propertyNames())
                .doesNotContain("externalTrafficPolicy", "allocateLoadBalancerNodePorts");
        assertThat(Json.items(plain, "spec", "ports")).noneMatch(port -> port.has("nodePort"));
        service("b", "{'type':'NodePort','ports':[{'port':80,'nodePort':30080}]}");
        assertThatThrownBy(() -> change("b", "{'spec':{'type':'ClusterIP','ports':[{'port':80,'nodePort':30081}]}}"))
                .hasMessageContaining("may not be used when `type` is 'ClusterIP'");
        String second = Json.texts(plain, "spec", "clusterIPs").getLast();
        ObjectNode single = change("a", "{'spec':{'ipFamilyPolicy':'SingleStack'}}");
        assertThat(Json.texts(single, "spec", "ipFamilies")).containsExactly("IPv4");
        assertThat(Json.texts(single, "spec", "clusterIPs")).containsExactly(Json.text(plain, "spec", "clusterIP"));
        service(
                "c",
                "{'ipFamilies':['IPv6'],'ipFamilyPolicy':'SingleStack','clusterIP':'" + second
                        + "','ports':[{'port':80}]}");
        ObjectNode both = change("a", "{'spec':{'ipFamilyPolicy':'PreferDualStack'}}");
        assertThat(Json.texts(both, "spec", "ipFamilies")).containsExactly("IPv4", "IPv6");
        assertThat(Json.texts(both, "spec", "clusterIPs").getLast()).isNotEqualTo(second);
    }

    @Test
    void numbersNodes() {
        for (int i = 0; i < 3; i++) {
            ObjectNode node = registry.create(Kinds.NODES, "", json("{'metadata':{'name':'n" + i + "'}}"));
            assertThat(Json.texts(node, "spec", "podCIDRs"))
                    .containsExactly(
                            "10.244." + i + ".0/24", i == 0 ? "fd00:10:244::/64" : "fd00:10:244:" + i + "::/64");
        }
    }

    @Test
    void refusesStaleWrites() {
        ObjectNode pod = pod("a", "{}");
        ObjectNode changed = pod.deepCopy();
        Json.child(Json.child(changed, "metadata"), "labels").put("x", "y");
        ObjectNode next = registry.update(Kinds.PODS, "default", "a", changed.deepCopy());
        assertThat(Json.text(next, "metadata", "labels", "x")).isEqualTo("y");
        assertThatThrownBy(() -> registry.update(Kinds.PODS, "default", "a", changed))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(409));
        assertThat(registry.update(Kinds.PODS, "default", "a", next.deepCopy()))
                .as("no change, no version")
                .isSameAs(next);
    }

    private ObjectNode changePod(String patch) {
        return registry.patch(Kinds.PODS, "default", "a", PatchKind.STRATEGIC, json(patch));
    }

    @Test
    void aPodStaysAsItIs() {
        pod("a", "{}");
        registry.create(Kinds.NODES, "", json("{'metadata':{'name':'n'}}"));
        for (String no : List.of(
                "{'spec':{'hostNetwork':true}}",
                "{'spec':{'containers':[{'name':'c','ports':[{'containerPort':80}]}]}}",
                "{'spec':{'containers':[{'name':'d','image':'x'}]}}",
                "{'spec':{'restartPolicy':'Never'}}")) {
            assertThatThrownBy(() -> changePod(no))
                    .as(no)
                    .hasMessageContaining("spec: Forbidden: pod updates may not change fields other than");
        }
        changePod(
                "{'spec':{'containers':[{'name':'c','image':'y'}],'activeDeadlineSeconds':5,'tolerations':[{'key':'k','operator':'Exists'}]}}");
        registry.bind("default", "a", "n");
        assertThat(Json.text(changePod("{'metadata':{'labels':{'a':'b'}}}"), "spec", "nodeName"))
                .isEqualTo("n");
        assertThatThrownBy(() -> changePod("{'spec':{'tolerations':[]}}")).isInstanceOf(StatusException.class);
        assertThatThrownBy(() -> changePod("{'spec':{'nodeName':'m'}}")).isInstanceOf(StatusException.class);
    }

    /** A computed number is a long and a received one an int. If the values are equal, nothing has changed. */
    @Test
    void aNumberIsItsValue() {
        ObjectNode object = json(
                "{'metadata':{'name':'a'},'spec':{'replicas':2,'selector':{'matchLabels':{'a':'b'}},'template':{'metadata':{'labels':{'a':'b'}},'spec':{'containers':[{'name':'c','image':'x'}]}}}}");
        ObjectNode before = registry.create(Kinds.DEPLOYMENTS, "default", object);
        ObjectNode again = before.deepCopy();
        Json.child(again, "spec").put("replicas", 2L).put("revisionHistoryLimit", 10L);
        assertThat(registry.update(Kinds.DEPLOYMENTS, "default", "a", again)).isSameAs(before);
    }

    @Test
    void letsPodsGoGracefully() {
        pod("a", "{}");
        registry.create(Kinds.NODES, "", json("{'metadata':{'name':'n'}}"));
        registry.bind("default", "a", "n");
        Deleted leaving = registry.delete(Kinds.PODS, "default", "a", DeleteOptions.PLAIN);
        assertThat(leaving.gone()).isFalse();
        assertThat(Json.text(leaving.object(), "metadata", "deletionTimestamp")).isNotEmpty();
        assertThat(registry.delete(Kinds.PODS, "default", "a", DeleteOptions.NOW)
                        .gone())
                .isTrue();
        assertThat(registry.find(Kinds.PODS, "default", "a")).isEmpty();
        pod("b", "{}");
        assertThat(registry.delete(Kinds.PODS, "default", "b", DeleteOptions.PLAIN)
                        .gone())
                .as("nobody has it")
                .isTrue();
    }

    @Test
    void aPodWithoutItsNodeGoesAtOnce() {
        registry.create(Kinds.NODES, "", json("{'metadata':{'name':'n'}}"));
        for (String name : List.of("a", "b")) {
            pod(name, "{}");
            registry.bind("default", name, "n");
        }
        registry.delete(Kinds.PODS, "default", "a", DeleteOptions.PLAIN);
        registry.delete(Kinds.NODES, "", "n", DeleteOptions.PLAIN);
        assertThat(registry.list(Kinds.PODS, "", Selector.ALL))
                .as("they go with their node, leaving or not")
                .isEmpty();
        pod("c", "{}");
        registry.bind("default", "c", "never-there");
        assertThat(registry.delete(Kinds.PODS, "default", "c", DeleteOptions.PLAIN)
                        .gone())
                .isTrue();
    }

    @Test
    void collectsTheOwnedAndTheContentsOfNamespaces() {
        registry.create(Kinds.NAMESPACES, "", json("{'metadata':{'name':'shop'}}"));
        ObjectNode owner = registry.create(Kinds.CONFIG_MAPS, "shop", json("{'metadata':{'name':'owner'}}"));
        registry.create(
                Kinds.SECRETS,
                "shop",
                json(
                        "{'metadata':{'name':'owned','ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'owner','uid':'"
                                + Json.uid(owner) + "'}]}}"));
        registry.delete(Kinds.CONFIG_MAPS, "shop", "owner", DeleteOptions.PLAIN);
        assertThat(registry.find(Kinds.SECRETS, "shop", "owned")).isEmpty();
        registry.create(Kinds.CONFIG_MAPS, "shop", json("{'metadata':{'name':'left'}}"));
        assertThat(registry.delete(Kinds.NAMESPACES, "", "shop", DeleteOptions.PLAIN)
                        .gone())
                .isTrue();
        assertThat(registry.list(Kinds.CONFIG_MAPS, "", Selector.ALL)).isEmpty();
        assertThat(registry.find(Kinds.NAMESPACES, "", "shop")).isEmpty();
    }

    @Test
    void tellsWatchersWhatTheySelect() throws InterruptedException {
        pod("a", "{'app':'web'}");
        Watch watch = registry.watch(Kinds.PODS, "default", Selector.parse(Kinds.PODS, "app=web", ""));
        assertThat(types(watch)).containsExactly(WatchEvent.Type.ADDED);
        pod("b", "{'app':'other'}");
        registry.patch(Kinds.PODS, "default", "b", PatchKind.MERGE, json("{'metadata':{'labels':{'app':'web'}}}"));
        registry.patch(Kinds.PODS, "default", "a", PatchKind.MERGE, json("{'metadata':{'labels':{'app':'no'}}}"));
        assertThat(types(watch)).containsExactly(WatchEvent.Type.ADDED, WatchEvent.Type.DELETED);
    }

    private static List<WatchEvent.Type> types(Watch watch) throws InterruptedException {
        return watch.poll(Duration.ofSeconds(1)).stream().map(WatchEvent::type).toList();
    }

    @Test
    void saysWhenTheHistoryIsTooShort() {
        Registry small = fresh(5);
        long before = small.store().version();
        for (int i = 0; i < 10; i++) {
            small.create(Kinds.CONFIG_MAPS, "default", json("{'metadata':{'name':'c" + i + "'}}"));
        }
        assertThatThrownBy(() -> Watch.after(small.store(), Kinds.CONFIG_MAPS, "", Selector.ALL, before))
                .isInstanceOfSatisfying(
                        StatusException.class,
                        refusal -> assertThat(refusal.code()).isEqualTo(410));
        assertThatThrownBy(() -> Watch.after(small.store(), Kinds.CONFIG_MAPS, "", Selector.ALL, 50))
                .as("a version of an earlier run")
                .isInstanceOf(StatusException.class);
    }

    /** If the history kept as many changes of big objects as of small ones, it would take hundreds of megabytes. */
    @Test
    void theHistoryIsBoundedByWhatItHolds() {
        Store store = registry.store();
        ObjectNode big = json("{'metadata':{'name':'big'}}");
        for (int i = 0; i < 1_000; i++) {
            Json.child(big, "data").put("k" + i, "v");
        }
        registry.create(Kinds.CONFIG_MAPS, "default", big);
        long before = store.version();
        for (int i = 0; i < 400; i++) {
            registry.patch(Kinds.CONFIG_MAPS, "default", "big", PatchKind.MERGE, json("{'data':{'k0':'" + i + "'}}"));
        }
        assertThat(store.forgotten(Kinds.CONFIG_MAPS)).isGreaterThan(before);
        assertThat(store.forgotten(Kinds.PODS)).isLessThan(before);
    }

    @Test
    void namesWhatIsWrongWithAPolicy() {
        assertThatThrownBy(
                        () -> registry.create(
                                Kinds.NETWORK_POLICIES,
                                "default",
                                json(
                                        "{'metadata':{'name':'np'},'spec':{'ingress':[{'from':[{'ipBlock':{'cidr':'10.0.0.0/8','except':['11.0.0.0/16']}}]}]}}")))
                .hasMessage(
                        "NetworkPolicy.networking.k8s.io \"np\" is invalid: spec.ingress[0].from[0].ipBlock.except[0]: "
                                + "Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`");
    }

    @Test
    void theOldestEventsGo() {
        for (int i = 0; i < 2_010; i++) {
            registry.create(Kinds.EVENTS, "default", json("{'metadata':{'name':'e" + i + "'},'involvedObject':{}}"));
        }
        assertThat(registry.list(Kinds.EVENTS, "", Selector.ALL)).hasSize(2_000);
        assertThat(registry.find(Kinds.EVENTS, "default", "e9")).isEmpty();
    }

    private static boolean selects(Resource resource, String selector, ObjectNode object) {
        return Selector.parse(resource, "", selector).matches(object);
    }

    private void refuses(Resource resource, String object, String fault) {
        assertThatThrownBy(() -> registry.create(resource, "default", json(object)))
                .as(object)
                .hasMessageContaining(fault);
    }

    @Test
    void refusesWhatANetworkWouldTripOver() {
        refuses(
                Kinds.NODES,
                "{'metadata':{'name':'n'},'spec':{'podCIDRs':['10.0.0.0/33']}}",
                "spec.podCIDRs[0]: Invalid value");
        refuses(
                Kinds.NODES,
                "{'metadata':{'name':'n'},'spec':{'podCIDRs':['10.0.0.0/24','10.0.1.0/24']}}",
                "no more than one CIDR for each IP family");
        refuses(
                Kinds.NODES,
                "{'metadata':{'name':'n'},'spec':{'podCIDR':'10.0.0.0/24','podCIDRs':['10.0.1.0/24']}}",
                "must match spec.podCIDR");
        refuses(
                Kinds.NETWORK_POLICIES,
                "{'metadata':{'name':'p'},'spec':{'podSelector':{},'policyTypes':['ingress']}}",
                "spec.policyTypes[0]: Unsupported value");
        refuses(
                Kinds.SERVICES,
                "{'metadata':{'name':'s'},'spec':{'externalTrafficPolicy':'Local','ports':[{'port':80}]}}",
                "externally-accessible");
        refuses(
                Kinds.SERVICES,
                "{'metadata':{'name':'s'},'spec':{'clusterIP':'10.96.0.5','clusterIPs':['10.96.0.6'],'ports':[{'port':80}]}}",
                "must match `clusterIP`");
        refuses(
                Kinds.ENDPOINTS,
                "{'metadata':{'name':'e'},'subsets':[{'addresses':[{'ip':'nowhere'}]}]}",
                "subsets[0].addresses[0].ip: Invalid value");
        registry.create(Kinds.NODES, "", json("{'metadata':{'name':'n'}}"));
        assertThatThrownBy(() -> registry.patch(
                        Kinds.NODES,
                        "",
                        "n",
                        PatchKind.MERGE,
                        json("{'spec':{'podCIDR':'10.9.9.0/24','podCIDRs':['10.9.9.0/24']}}")))
                .hasMessageContaining("may not change podCIDR");
        pod("a", "{}");
        assertThatThrownBy(() -> registry.patchStatus(
                        Kinds.PODS, "default", "a", PatchKind.MERGE, json("{'status':{'podIPs':[{'ip':'x'}]}}")))
                .hasMessageContaining("status.podIPs[0]");
    }

    @Test
    void understandsFieldSelectors() {
        ObjectNode pod = json("{'metadata':{'name':'a'},'spec':{'nodeName':'n'},'status':{'phase':'Running'}}");
        assertThat(selects(Kinds.PODS, "spec.nodeName=n,status.phase!=Failed,spec.hostNetwork=false", pod))
                .isTrue();
        assertThat(selects(Kinds.PODS, "metadata.namespace=false", pod))
                .as("only what is a boolean is false")
                .isFalse();
        ObjectNode job = json("{'status':{'succeeded':2}}");
        assertThat(selects(Kinds.JOBS, "status.successful=2", job)).isTrue();
        assertThat(selects(Kinds.JOBS, "status.successful=0", json("{}"))).isTrue();
        ObjectNode event =
                json("{'involvedObject':{'name':'a,b=c','fieldPath':'spec.containers{c}'},'source':{'component':'k'}}");
        assertThat(selects(
                        Kinds.EVENTS,
                        "involvedObject.name=a\\,b\\=c,source==k,involvedObject.fieldPath=spec.containers{c}",
                        event))
                .isTrue();
        assertThat(selects(Kinds.SERIES_EVENTS, "regarding.name=a\\,b\\=c", event))
                .isTrue();
        for (String wrong : List.of("a", "metadata.name=a=b", "metadata.name=a\\b", "=a")) {
            assertThatThrownBy(() -> selects(Kinds.PODS, wrong, pod)).as(wrong).isInstanceOf(StatusException.class);
        }
    }

    @Test
    void understandsAllOperatorsOfSelectors() {
        ObjectNode object = json("{'metadata':{'labels':{'a':'1','b':'x'}}}");
        for (String yes : List.of(
                "a=1",
                "a==1",
                "a!=2",
                "c!=2",
                "a in (1,2)",
                "a notin (2,3)",
                "c notin (1)",
                "a",
                "!c",
                "a=1,b=x",
                "a>0",
                "a<2")) {
            assertThat(Selector.parse(Kinds.PODS, yes, "").matches(object))
                    .as(yes)
                    .isTrue();
        }
        for (String no : List.of("a=2", "a!=1", "c=1", "a in (2)", "a notin (1)", "c", "!a", "a=1,b=y", "a>1", "c>0")) {
            assertThat(Selector.parse(Kinds.PODS, no, "").matches(object))
                    .as(no)
                    .isFalse();
        }
        assertThatThrownBy(() -> Selector.parse(Kinds.PODS, "", "spec.foo=1"))
                .hasMessage("field label not supported: spec.foo");
    }
}
