package fyr.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BalancerAddressesTest {

    private final BalancerAddresses addresses =
            new BalancerAddresses(List.of(Prefix.parse("198.51.100.0/30"), Prefix.parse("fd00:198:51:100::/112")));

    private static JsonNode service(String uid, String spec, String... current) {
        String ingress = String.join(
                ",",
                List.of(current).stream().map(one -> "{'ip':'" + one + "'}").toList());
        return new JsonMapper().readTree("""
                {'metadata':{'uid':'%s'},'spec':{'type':'LoadBalancer',%s},'status':{'loadBalancer':{'ingress':[%s]}}}""".formatted(uid, spec, ingress).replace('\'', '"'));
    }

    private List<String> of(JsonNode service) {
        return addresses.of(service).stream().map(IpAddress::toString).toList();
    }

    @Test
    void eachFamilyHasOne() {
        assertThat(of(service("a", "'ipFamilies':['IPv6','IPv4']")))
                .containsExactly("fd00:198:51:100::1", "198.51.100.1");
        assertThat(of(service("b", "'ipFamilies':['IPv4']"))).containsExactly("198.51.100.2");
        assertThat(of(service("c", "'ipFamilies':['IPv4','IPv6']")))
                .as("the range of IPv4 is full")
                .containsExactly("fd00:198:51:100::2");
        addresses.release(service("a", "'ipFamilies':[]"));
        assertThat(of(service("c", "'ipFamilies':['IPv4']"))).containsExactly("198.51.100.1");
    }

    @Test
    void aServiceKeepsWhatItHasAndGetsWhatItAsksForIfThatIsFree() {
        JsonNode old = service("a", "'ipFamilies':['IPv4']", "198.51.100.2");
        addresses.claim(old);
        assertThat(of(service("b", "'ipFamilies':['IPv4'],'loadBalancerIP':'198.51.100.2'")))
                .containsExactly("198.51.100.1");
        assertThat(of(old)).containsExactly("198.51.100.2");
        addresses.release(old);
        assertThat(of(service("b", "'ipFamilies':['IPv4'],'loadBalancerIP':'198.51.100.2'", "198.51.100.1")))
                .containsExactly("198.51.100.2");
    }

    @Test
    void foreignAddressesAndClassesAreLeftAlone() {
        assertThat(of(service("a", "'ipFamilies':['IPv4'],'loadBalancerIP':'192.0.2.1'", "x", "192.0.2.2")))
                .containsExactly("198.51.100.1");
        assertThat(of(service("a", "'ipFamilies':['IPv4'],'loadBalancerClass':'example.com/x'")))
                .isEmpty();
        assertThat(of(service("b", "'ipFamilies':['IPv4']")))
                .as("the other one has given its address back")
                .containsExactly("198.51.100.1");
    }
}
