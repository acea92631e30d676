package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.lab.world.Topology;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ResolverFileTest {

    private static final String CLUSTER =
            "search shop.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n";
    private static final String NODE = "nameserver 203.0.113.53\nnameserver 2001:db8::53\n";

    @Test
    void followsThePolicy() {
        assertThat(file("{}")).isEqualTo(CLUSTER);
        assertThat(file("{'hostNetwork':true}")).isEqualTo(NODE);
        assertThat(file("{'hostNetwork':true,'dnsPolicy':'ClusterFirstWithHostNet'}"))
                .isEqualTo(CLUSTER);
        assertThat(file("{'dnsPolicy':'Default'}")).isEqualTo(NODE);
        assertThat(
                        file(
                                "{'dnsPolicy':'None','dnsConfig':{'nameservers':['192.0.2.1'],'searches':['a.example'],'options':[{'name':'edns0'}]}}"))
                .isEqualTo("search a.example\nnameserver 192.0.2.1\noptions edns0\n");
    }

    @Test
    void mergesTheConfiguration() {
        assertThat(file(
                        "{'dnsConfig':{'nameservers':['10.96.0.10','192.0.2.1'],'searches':['cluster.local','b.example'],"
                                + "'options':[{'name':'ndots','value':'2'},{'name':'edns0'}]}}"))
                .isEqualTo("search shop.svc.cluster.local svc.cluster.local cluster.local b.example\n"
                        + "nameserver 10.96.0.10\nnameserver 192.0.2.1\noptions ndots:2 edns0\n");
    }

    @Test
    void keepsToTheLimits() {
        String servers =
                IntStream.range(0, 5).mapToObj(i -> "'192.0.2." + i + "'").collect(Collectors.joining(","));
        String searches =
                IntStream.range(0, 40).mapToObj(i -> "'s" + i + ".example'").collect(Collectors.joining(","));
        String text = file(
                "{'dnsPolicy':'None','dnsConfig':{'nameservers':[" + servers + "],'searches':[" + searches + "]}}");
        assertThat(text.lines().filter(line -> line.startsWith("nameserver"))).hasSize(3);
        assertThat(text.lines().findFirst().orElseThrow().split(" ")).hasSize(33);
        String longName = "x".repeat(200);
        String many =
                IntStream.range(0, 20).mapToObj(i -> "'" + longName + i + "'").collect(Collectors.joining(","));
        assertThat(file("{'dnsPolicy':'None','dnsConfig':{'nameservers':['192.0.2.1'],'searches':[" + many + "]}}")
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .hasSizeLessThanOrEqualTo("search ".length() + 2048);
    }

    private static String file(String spec) {
        String json = "{'metadata':{'name':'web','namespace':'shop','uid':'u'},'spec':" + spec + "}";
        PodFacts pod = new PodFacts(new JsonMapper().readTree(json.replace('\'', '"')));
        return ResolverFile.of(
                pod,
                new KubeletSettings(
                        Topology.of(1, 1).places().getFirst(),
                        Path.of("/n"),
                        Path.of("/p"),
                        Path.of("/e"),
                        List.of(IpAddress.parse("10.96.0.10")),
                        "cluster.local",
                        Topology.OUTSIDE.subList(0, 2)));
    }
}
