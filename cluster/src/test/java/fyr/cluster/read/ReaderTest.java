package fyr.cluster.read;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.EndpointSlice;
import fyr.model.Labels;
import fyr.model.Locality;
import fyr.model.Namespace;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Pod;
import fyr.model.PodUid;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.policy.LabelSelector;
import fyr.model.policy.NetworkPolicy;
import fyr.model.policy.PolicyPeer;
import fyr.model.policy.PolicyPort;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each field of Kubernetes' JSON becomes. */
class ReaderTest {

    static <K, V> Reading<K, V> read(Kind<K, V> kind, String object) {
        byte[] line = ("{\"type\":\"ADDED\",\"object\":" + object + "}").getBytes(StandardCharsets.UTF_8);
        return switch (new KindReader<>(kind).event(line)) {
            case Event.Changed<K, V>(Reading<K, V> reading, String _) -> reading;
            case Event.Deleted<K, V> event -> throw new AssertionError(event);
            case Event.Bookmark<K, V> event -> throw new AssertionError(event);
            case Event.Failed<K, V> event -> throw new AssertionError(event);
        };
    }

    static <K, V> V valid(Kind<K, V> kind, String object) {
        return value(read(kind, object));
    }

    private static <K, V> V value(Reading<K, V> reading) {
        return switch (reading) {
            case Reading.Valid<K, V>(K _, V value) -> value;
            case Reading.Partial<K, V> other -> throw new AssertionError(other);
            case Reading.Foreign<K, V> other -> throw new AssertionError(other);
            case Reading.Invalid<K, V> other -> throw new AssertionError(other);
            case Reading.Doubtful<K, V> other -> throw new AssertionError(other);
        };
    }

    @Test
    void nodeHasInternalAddressesAndBlocks() {
        Node node = valid(Kind.NODE, """
            {"metadata":{"name":"n","labels":{"zone":"a","topology.kubernetes.io/zone":"z"},"annotations":{"x":"y"},"managedFields":[{"fieldsV1":{"f:a":{}}}]},
             "spec":{"podCIDR":"10.244.1.0/24","podCIDRs":["10.244.1.0/24","fd00::/64"],"taints":[{"key":"k"}]},
             "status":{"addresses":[{"address":"h","type":"Hostname"},{"address":"2001:db8::1","type":"InternalIP"},
             {"type":"ExternalIP","address":"203.0.113.9"}],"images":[{"names":["i"]}]}}""");
        assertThat(node.addresses()).containsExactly(IpAddress.parse("2001:db8::1"));
        assertThat(node.podCidrs()).containsExactly(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00::/64"));
        assertThat(node.labels()).as("of its labels only the zone").isEqualTo(Labels.of(Map.of(Node.ZONE, "z")));
        assertThat(node.zone()).isEqualTo("z");
    }

    @Test
    void nodesOfAZoneShareTheirLabelsAndEndpointsOfANodeTheirLocality() {
        KindReader<String, Node> nodes = new KindReader<>(Kind.NODE);
        String node =
                "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"topology.kubernetes.io/zone\":\"z\",\"host\":\"%1$s\"}}}";
        assertThat(value(nodes.one(node.formatted("n").getBytes(StandardCharsets.UTF_8)))
                        .labels())
                .isSameAs(value(nodes.one(node.formatted("m").getBytes(StandardCharsets.UTF_8)))
                        .labels());
        KindReader<NamespacedName, EndpointSlice> slices = new KindReader<>(Kind.ENDPOINT_SLICE);
        List<Locality> localities = new ArrayList<>();
        for (String name : List.of("w-1", "w-2")) {
            value(slices.one("""
                {"metadata":{"name":"%s","namespace":"s","labels":{"kubernetes.io/service-name":"w"}},"addressType":"IPv4",
                 "endpoints":[{"addresses":["10.0.0.1"],"nodeName":"n","zone":"z"},{"zone":"z","nodeName":"m","addresses":["10.0.0.2"]},
                  {"addresses":["10.0.0.3"],"nodeName":"n","zone":"z"},{"addresses":["10.0.0.4"],"zone":null}]}""".formatted(name).getBytes(StandardCharsets.UTF_8)))
                    .endpoints()
                    .forEach(endpoint -> localities.add(endpoint.locality()));
        }
        assertThat(localities.subList(0, 4))
                .containsExactly(
                        Locality.of("n", "z"), Locality.of("m", "z"), Locality.of("n", "z"), Locality.unknown());
        for (int i = 0; i < 4; i++) {
            assertThat(localities.get(i + 4)).isSameAs(localities.get(i));
        }
        assertThat(localities.get(2)).isSameAs(localities.get(0));
        assertThat(localities.get(3)).isSameAs(Locality.unknown());
    }

    @Test
    void podTakesPortsOfContainersAndSidecars() {
        Pod pod = valid(Kind.POD, """
            {"metadata":{"name":"p","namespace":"s","labels":null},
             "spec":{"nodeName":"n","hostNetwork":true,
              "initContainers":[{"name":"once","ports":[{"containerPort":1}]},
                                {"ports":[{"containerPort":2,"protocol":"UDP"}],"restartPolicy":"Always"}],
              "containers":[{"name":"c","ports":[{"name":"http","containerPort":8080}]},{"name":"d"}]},
             "status":{"phase":"Running","podIP":"10.0.0.1","podIPs":[{"ip":"10.0.0.1"},{"ip":"fd00::1"}]}}""");
        assertThat(pod)
                .isEqualTo(new Pod(
                        new NamespacedName("s", "p"),
                        fyr.model.Labels.none(),
                        Optional.of("n"),
                        java.util.List.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1")),
                        true,
                        false,
                        java.util.List.of(
                                new Pod.ContainerPort("", Protocol.UDP, 2),
                                new Pod.ContainerPort("http", Protocol.TCP, 8080))));
    }

    @Test
    void podIsKnownByItsUidAndAStaticPodByTheOneThatItsKubeletGave() {
        assertThat(valid(Kind.POD, """
            {"metadata":{"name":"p","namespace":"s","uid":"b1b6a9c4","annotations":{"a":"b"}}}""").uid()).isEqualTo(PodUid.of("b1b6a9c4")).isNotEqualTo(PodUid.UNKNOWN);
        assertThat(valid(Kind.POD, """
            {"metadata":{"name":"p","namespace":"s","annotations":{"kubernetes.io/config.mirror":"5f1e","a":"b"},"uid":"b1b6a9c4"}}""").uid()).isEqualTo(PodUid.of("5f1e"));
        assertThat(valid(Kind.POD, """
            {"metadata":{"name":"p","namespace":"s","annotations":null}}""").uid()).isEqualTo(PodUid.UNKNOWN);
    }

    @Test
    void ofAFinishedPodHardlyMoreThanItsNameIsKept() {
        Pod pod = valid(Kind.POD, """
            {"metadata":{"name":"p","namespace":"s","labels":{"job":"j"}},"spec":{"nodeName":"n","containers":[{"ports":[{"containerPort":1}]}]},
             "status":{"phase":"Failed","podIPs":[{"ip":"10.0.0.1"}]}}""");
        assertThat(pod)
                .isEqualTo(new Pod(
                        new NamespacedName("s", "p"),
                        fyr.model.Labels.none(),
                        Optional.of("n"),
                        java.util.List.of(),
                        false,
                        true,
                        java.util.List.of()));
    }

    @Test
    void theKeyOfAnObjectIsItsName() {
        Reading<NamespacedName, Pod> reading = read(Kind.POD, "{\"metadata\":{\"name\":\"p\",\"namespace\":\"s\"}}");
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Valid.class, valid -> assertThat(valid.key()).isSameAs(((Pod) valid.value()).name()));
    }

    @Test
    void oneOddAddressIsNoReasonToForgetANode() {
        assertThat(read(Kind.NODE, """
            {"metadata":{"name":"n"},"spec":{"podCIDRs":["10.244.1.0/24","nonsense","fd00::/64"]},
             "status":{"addresses":[{"type":"Hostname","address":"h"},{"type":"InternalIP","address":"10.0.0.300"},
             {"address":"010.0.0.09","type":"InternalIP"}]}}""")).isInstanceOfSatisfying(Reading.Partial.class, partial -> {
            assertThat(partial.value()).isInstanceOfSatisfying(Node.class, node -> {
                assertThat(node.addresses()).containsExactly(IpAddress.parse("10.0.0.9"));
                assertThat(node.podCidrs()).containsExactly(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00::/64"));
            });
            assertThat(fault(partial).field()).isEqualTo("spec.podCIDRs[1]");
            assertThat(fault(partial).what()).contains("'nonsense'").endsWith("; left out (and 1 more)");
        });
        assertThat(read(Kind.NODE, """
            {"metadata":{"name":"n"},"status":{"addresses":[{"type":"InternalIP","address":"10.0.0.1"},{"type":"InternalIP","address":"x"}]}}"""))
                .isInstanceOfSatisfying(
                        Reading.Partial.class,
                        partial -> assertThat(fault(partial).field()).isEqualTo("status.addresses[1]"));
    }

    @Test
    void oneOddEndpointIsNoReasonToForgetTheOthers() {
        String object = """
            {"metadata":{"name":"w","namespace":"s","labels":{"kubernetes.io/service-name":"w"}},
             "endpoints":[{"addresses":["10.0.0.1"]},{"addresses":["%s"],"conditions":{"ready":false}},{"addresses":["10.0.0.3"]}],
             "addressType":"IPv4"}""";
        for (String[] odd : new String[][] {
            {"nonsense", "endpoints[1].addresses[0]"},
            {"fd00::1", "endpoints[1].addresses"},
            {"127.0.0.1", "endpoints[1].addresses[0]"}
        }) {
            assertThat(read(Kind.ENDPOINT_SLICE, object.formatted(odd[0])))
                    .isInstanceOfSatisfying(Reading.Partial.class, partial -> {
                        assertThat(((EndpointSlice) partial.value()).endpoints())
                                .flatExtracting(EndpointSlice.Endpoint::addresses)
                                .containsExactly(IpAddress.parse("10.0.0.1"), IpAddress.parse("10.0.0.3"));
                        assertThat(fault(partial).field()).isEqualTo(odd[1]);
                    });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "010.000.0.08/8, 10.0.0.0/8",
        "0010.1.0.0/016, 10.1.0.0/16",
        "fd00:00001::/32, fd00:1::/32",
        "::00ff/128, ::ff/128"
    })
    void leadingZerosMeanNothing(String text, String meant) {
        NetworkPolicy policy = valid(Kind.NETWORK_POLICY, """
            {"metadata":{"name":"p","namespace":"s"},"spec":{"ingress":[{"from":[{"ipBlock":{"cidr":"%s"}}]}]}}""".formatted(text));
        assertThat(policy.ingress().getFirst().peers())
                .containsExactly(new PolicyPeer.IpBlock(Prefix.parse(meant), java.util.List.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"podSelector\":{},\"ingress\":7|true|false",
                "\"egress\":[{\"to\":[{}]}],\"podSelector\":{}|true|true",
                "\"ingress\":[{\"from\":7}],\"policyTypes\":[\"Egress\"]|false|true",
                "\"policyTypes\":[\"Sideways\"],\"podSelector\":{}|true|true",
                "\"podSelector\":{\"matchExpressions\":[{}]}|none|"
            })
    void aPolicyThatCannotBeReadStandsForIsolation(String spec, String ingress, String egress) {
        Reading<NamespacedName, NetworkPolicy> reading = read(
                Kind.NETWORK_POLICY, "{\"metadata\":{\"name\":\"p\",\"namespace\":\"s\"},\"spec\":{" + spec + "}}");
        NamespacedName name = new NamespacedName("s", "p");
        Optional<NetworkPolicy> standIn = ingress.equals("none")
                ? Optional.empty()
                : Optional.of(new NetworkPolicy(
                        name,
                        LabelSelector.everything(),
                        Boolean.parseBoolean(ingress),
                        Boolean.parseBoolean(egress),
                        java.util.List.of(),
                        java.util.List.of()));
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Doubtful.class,
                        doubtful -> assertThat((Object) doubtful.standIn()).isEqualTo(standIn));
    }

    private static Fault fault(Reading.Partial<?, ?> partial) {
        return partial.faults().getFirst();
    }

    /** As kube-proxy selects what it watches; a change of the label alone makes another record. */
    @ParameterizedTest
    @ValueSource(strings = {"service.kubernetes.io/headless", "service.kubernetes.io/service-proxy-name"})
    void labelsKeepProxiesAway(String label) {
        String service = """
            {"metadata":{"name":"w","namespace":"s","labels":{"%s":""}},"spec":{"clusterIP":"10.96.0.5"}}""";
        assertThat(valid(Kind.SERVICE, service.formatted(label)).otherProxy()).isTrue();
        assertThat(valid(Kind.SERVICE, service.formatted("other")).otherProxy()).isFalse();
        String slice = """
            {"metadata":{"name":"w","namespace":"s","labels":{"kubernetes.io/service-name":"w","%s":""}},"addressType":"IPv4"}""";
        assertThat(valid(Kind.ENDPOINT_SLICE, slice.formatted(label)).otherProxy())
                .isTrue();
        assertThat(valid(Kind.ENDPOINT_SLICE, slice.formatted("other")).otherProxy())
                .isFalse();
    }

    @Test
    void serviceWithoutAddressesIsHeadless() {
        Service service = valid(Kind.SERVICE, """
            {"spec":{"clusterIP":"None","clusterIPs":["None"],"publishNotReadyAddresses":true},"metadata":{"name":"h","namespace":"s"}}""");
        assertThat(service.headless()).isTrue();
        assertThat(service.publishNotReadyAddresses()).isTrue();
    }

    @Test
    void serviceHasBothFamilies() {
        Service service = valid(Kind.SERVICE, """
            {"metadata":{"name":"w","namespace":"s"},"spec":{"type":"NodePort","clusterIP":"10.96.0.5","clusterIPs":["10.96.0.5","fd00::5"],
             "ports":[{"name":"a","port":80,"nodePort":30080,"targetPort":"http"},{"name":"b","port":53,"protocol":"UDP"}]}}""");
        assertThat(service.clusterIps()).containsExactly(IpAddress.parse("10.96.0.5"), IpAddress.parse("fd00::5"));
        assertThat(service.ports())
                .containsExactly(
                        new Service.Port("a", Protocol.TCP, 80, 30080), new Service.Port("b", Protocol.UDP, 53, 0));
    }

    @Test
    void serviceOfAnotherProxyIsKeptForDns() {
        Service service = valid(Kind.SERVICE, """
            {"metadata":{"name":"w","namespace":"s","labels":{"service.kubernetes.io/service-proxy-name":"x"}},"spec":{"clusterIPs":["10.96.0.5"]}}""");
        assertThat(service.otherProxy()).isTrue();
        assertThat(service.clusterIps()).containsExactly(IpAddress.parse("10.96.0.5"));
        assertThat(read(Kind.ENDPOINT_SLICE, """
            {"metadata":{"name":"w-1","namespace":"s","labels":{"kubernetes.io/service-name":"w","service.kubernetes.io/service-proxy-name":"x"}},
             "addressType":"IPv4"}""")).isInstanceOf(Reading.Valid.class);
    }

    @Test
    void endpointIsReadyUnlessItSaysNo() {
        EndpointSlice slice = valid(Kind.ENDPOINT_SLICE, """
            {"metadata":{"name":"w-1","namespace":"s","labels":{"kubernetes.io/service-name":"w"}},
             "endpoints":[{"addresses":["10.0.0.1"]},
              {"addresses":["10.0.0.2"],"conditions":{"ready":false,"serving":true,"terminating":true},"hostname":"db-0",
               "nodeName":"n","targetRef":{"kind":"Pod","namespace":"s","name":"p"}},
              {"addresses":["10.0.0.3"],"conditions":{"ready":null}}],
             "ports":[{"name":"","port":80,"protocol":"TCP"},{"name":"any","port":null}],"addressType":"IPv4"}""");
        assertThat(slice.service()).isEqualTo(new NamespacedName("s", "w"));
        assertThat(slice.ports()).containsExactly(new EndpointSlice.Port("", Protocol.TCP, 80));
        assertThat(slice.endpoints()).extracting(EndpointSlice.Endpoint::ready).containsExactly(true, false, true);
        assertThat(slice.endpoints())
                .extracting(endpoint -> endpoint.traits().serving())
                .containsExactly(true, true, true);
        assertThat(slice.endpoints().get(1).hostname()).contains("db-0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FQDN|w|a.example.org", // the type is read first or last, the result is the same
                "IPv4||10.0.0.1"
            })
    void slicesOfNamesAndOfNoServiceAreForeign(String type, String service, String address) {
        String labels = service == null ? "{}" : "{\"kubernetes.io/service-name\":\"" + service + "\"}";
        String metadata = "\"metadata\":{\"name\":\"w\",\"namespace\":\"s\",\"labels\":" + labels + "}";
        String endpoints = "\"endpoints\":[{\"addresses\":[\"" + address + "\"]}]";
        String addressType = "\"addressType\":\"" + type + "\"";
        for (String object : new String[] {
            "{" + String.join(",", metadata, endpoints, addressType) + "}",
            "{" + String.join(",", addressType, endpoints, metadata) + "}"
        }) {
            assertThat(read(Kind.ENDPOINT_SLICE, object)).isInstanceOf(Reading.Foreign.class);
        }
    }

    @Test
    void policyWithAllItsParts() {
        NetworkPolicy policy = valid(Kind.NETWORK_POLICY, """
            {"metadata":{"name":"p","namespace":"s"},"spec":{"podSelector":{"matchLabels":{"app":"db"}},"policyTypes":["Egress"],
             "ingress":[{"from":[{"podSelector":{},"namespaceSelector":{"matchExpressions":[{"key":"team","operator":"NotIn","values":["b","a"]}]}}],
                         "ports":[{"port":80,"endPort":90,"protocol":"UDP"},{"port":"http"},{"protocol":"SCTP"}]}],
             "egress":[{"to":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16"]}}]},{}]}}""");
        assertThat(policy.isolatesIngress()).isFalse();
        assertThat(policy.isolatesEgress()).isTrue();
        assertThat(policy.ingress().getFirst().ports())
                .containsExactly(
                        new PolicyPort.Range(Protocol.UDP, 80, 90),
                        new PolicyPort.Named(Protocol.TCP, "http"),
                        new PolicyPort.All(Protocol.SCTP));
        assertThat(policy.ingress().getFirst().peers())
                .containsExactly(new PolicyPeer.Pods(
                        Optional.of(new LabelSelector(java.util.List.of(new LabelSelector.Requirement(
                                "team", LabelSelector.Operator.NOT_IN, java.util.Set.of("a", "b"))))),
                        Optional.of(LabelSelector.everything())));
        assertThat(policy.egress().getFirst().peers())
                .containsExactly(new PolicyPeer.IpBlock(
                        Prefix.parse("10.0.0.0/8"), java.util.List.of(Prefix.parse("10.1.0.0/16"))));
        assertThat(policy.egress().getLast().peers()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"podSelector\":{}}|true|false",
                "{\"podSelector\":{},\"egress\":[{}]}|true|true",
                "{\"podSelector\":{},\"egress\":[]}|true|false",
                "{\"podSelector\":{},\"policyTypes\":[\"Ingress\",\"Egress\"]}|true|true"
            })
    void policyTypesHaveDefaults(String spec, boolean ingress, boolean egress) {
        NetworkPolicy policy =
                valid(Kind.NETWORK_POLICY, "{\"metadata\":{\"name\":\"p\",\"namespace\":\"s\"},\"spec\":" + spec + "}");
        assertThat(policy.isolatesIngress()).isEqualTo(ingress);
        assertThat(policy.isolatesEgress()).isEqualTo(egress);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"ingress\":[{\"from\":[{\"ipBlock\":{\"cidr\":\"10.0.0.0/99\"}}]}]}|spec.ingress[0].from[0].ipBlock.cidr|above 32",
                "{\"ingress\":[{},{\"ports\":[{\"port\":90,\"endPort\":80}]}]}|spec.ingress[1].ports[0]|endPort 80 is below port 90",
                "{\"ingress\":[{\"ports\":[{\"endPort\":80}]}]}|spec.ingress[0].ports[0]|endPort needs a port",
                "{\"ingress\":[{\"ports\":[{\"port\":70000}]}]}|spec.ingress[0].ports[0].port|must be a port",
                "{\"policyTypes\":[\"Sideways\"]}|spec.policyTypes[0]|unknown policyType 'Sideways'",
                "{\"podSelector\":{\"matchExpressions\":[{\"key\":\"a\",\"operator\":\"Like\"}]}}|spec.podSelector.matchExpressions[0].operator|unknown operator",
                "{\"egress\":[{\"to\":[{\"ipBlock\":{\"cidr\":\"10.0.0.0/8\",\"except\":[\"11.0.0.0/16\"]}}]}]}|spec.egress[0].to[0]|is not within",
                "{\"egress\":[{\"to\":[{}]}]}|spec.egress[0].to[0]|needs a selector",
                "{\"egress\":7}|spec.egress|must be an array, not number int",
                "{\"egress\":[{\"ports\":{}}]}|spec.egress[0].ports|must be an array, not start object"
            })
    void whatCannotBeTrueIsNamedByItsField(String spec, String field, String what) {
        // the name comes last: it must be found all the same
        Reading<NamespacedName, NetworkPolicy> reading =
                read(Kind.NETWORK_POLICY, "{\"spec\":" + spec + ",\"metadata\":{\"name\":\"p\",\"namespace\":\"s\"}}");
        assertThat(reading).isInstanceOfSatisfying(Reading.Doubtful.class, invalid -> {
            assertThat(invalid.key()).hasToString("s/p");
            assertThat(invalid.field()).isEqualTo(field);
            assertThat(invalid.what()).contains(what);
        });
    }

    @Test
    void anObjectWithoutNameIsInvalid() {
        assertThat(read(Kind.POD, "{}")).isInstanceOf(Reading.Invalid.class);
    }

    /** Servers send the type first; nothing obliges others to. */
    @Test
    void anEventIsReadInAnyOrder() {
        String namespace = "{\"metadata\":{\"resourceVersion\":\"7\",\"name\":\"a\"}}";
        Event<String, Namespace> expected =
                new Event.Changed<>(new Reading.Valid<>("a", new Namespace("a", Labels.none())), "7");
        assertThat(event("{\"type\":\"ADDED\",\"object\":" + namespace + "}")).isEqualTo(expected);
        assertThat(event("{\"object\":" + namespace + ",\"more\":[{}],\"type\":\"ADDED\"}"))
                .isEqualTo(expected);
    }

    /** Otherwise the watch would resume from an older version again and again. */
    @Test
    void theVersionIsReadBehindAFieldThatIsWrong() {
        String wrong = "{\"metadata\":{\"labels\":[1],\"name\":\"a\",\"resourceVersion\":\"7\"}}";
        assertThat(event("{\"type\":\"MODIFIED\",\"object\":" + wrong + "}"))
                .isInstanceOfSatisfying(Event.Changed.class, changed -> {
                    assertThat(changed.version()).isEqualTo("7");
                    assertThat(changed.reading()).isInstanceOf(Reading.Invalid.class);
                });
        String bookmark = "{\"metadata\":{\"annotations\":7,\"resourceVersion\":\"8\"}}";
        assertThat(event("{\"type\":\"BOOKMARK\",\"object\":" + bookmark + "}"))
                .isEqualTo(new Event.Bookmark<>("8", false));
    }

    private static Event<String, Namespace> event(String line) {
        return new KindReader<>(Kind.NAMESPACE).event(line.getBytes(StandardCharsets.UTF_8));
    }
}
