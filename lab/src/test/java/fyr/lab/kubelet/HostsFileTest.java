package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class HostsFileTest {

    private static String hosts(String spec) {
        String pod = "{'metadata':{'name':'web-0','namespace':'shop'},'spec':" + spec + "}";
        return HostsFile.of(
                new PodFacts(new JsonMapper().readTree(pod.replace('\'', '"'))),
                List.of("10.244.1.2", "fd00:10:244:1::2"),
                "cluster.local");
    }

    @Test
    void namesThePodAtEachOfItsAddresses() {
        assertThat(hosts("{}"))
                .startsWith("# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost")
                .endsWith("10.244.1.2\tweb-0\nfd00:10:244:1::2\tweb-0\n");
    }

    @Test
    void aSubdomainMakesAFullName() {
        assertThat(hosts("{'hostname':'first','subdomain':'web'}"))
                .endsWith("10.244.1.2\tfirst.web.shop.svc.cluster.local\tfirst\n"
                        + "fd00:10:244:1::2\tfirst.web.shop.svc.cluster.local\tfirst\n");
    }

    @Test
    void aliasesComeLast() {
        assertThat(hosts("{'hostAliases':[{'ip':'192.0.2.1','hostnames':['a','b.example']}]}"))
                .endsWith("\n\n# Entries added by HostAliases.\n192.0.2.1\ta\tb.example\n");
    }

    @Test
    void aPodInTheNodesNetworkHasTheNodesFile() {
        assertThat(hosts("{'hostNetwork':true}"))
                .startsWith("# Kubernetes-managed hosts file (host network).\n")
                .doesNotContain("web-0");
    }

    @Test
    void aLongNameIsCut() {
        String name = "a".repeat(62) + "-bcd";
        String pod = "{\"metadata\":{\"name\":\"" + name + "\"},\"spec\":{}}";
        assertThat(new PodFacts(new JsonMapper().readTree(pod)).hostname()).isEqualTo("a".repeat(62));
    }
}
