package fyr.cluster.read;

import static fyr.cluster.read.ReaderTest.read;
import static fyr.cluster.read.ReaderTest.valid;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Locality;
import fyr.model.NamespacedName;
import fyr.model.Service;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What Services and their endpoints say about connections. */
class ServiceTrafficTest {

    private static List<String> faults(String service) {
        return read(Kind.SERVICE, service) instanceof Reading.Partial<NamespacedName, Service> partial
                ? partial.faults().stream()
                        .map(fault -> fault.field() + ": " + fault.what())
                        .toList()
                : List.of();
    }

    @Test
    void whatAServiceSaysAboutItsConnections() {
        String service = """
            {"metadata":{"name":"w","namespace":"s"},
             "spec":{"type":"%s","clusterIP":"10.96.0.5","sessionAffinity":"ClientIP",
             "sessionAffinityConfig":{"clientIP":{"timeoutSeconds":60}},"externalTrafficPolicy":"Local",
             "internalTrafficPolicy":"Local","externalIPs":["203.0.113.1","203.0.113.1"],
             "loadBalancerSourceRanges":[" 10.0.0.0/8 ","2001:db8::/32"],
             "trafficDistribution":"PreferClose"},
             "status":{"conditions":[],"loadBalancer":{"ingress":[{"ip":"203.0.113.2","ipMode":"VIP"},{"hostname":"x"},
             {"ip":"203.0.113.3","ipMode":"Proxy"},{"ip":"2001:db8::2","ports":[]}]}}}""";
        ServiceTraffic traffic =
                valid(Kind.SERVICE, service.formatted("LoadBalancer")).traffic();
        assertThat(traffic)
                .isEqualTo(new ServiceTraffic(
                        ServiceTraffic.Policy.LOCAL,
                        ServiceTraffic.Policy.LOCAL,
                        Optional.of(Duration.ofSeconds(60)),
                        List.of(IpAddress.parse("203.0.113.1")),
                        List.of(IpAddress.parse("203.0.113.2"), IpAddress.parse("2001:db8::2")),
                        List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("2001:db8::/32"))));
        assertThat(valid(Kind.SERVICE, service.formatted("NodePort")).traffic().loadBalancerIps())
                .as("of a load balancer that it had before")
                .isEmpty();
    }

    @Test
    void affinityLastsThreeHoursUnlessTheServiceSaysOtherwise() {
        String service = """
            {"metadata":{"name":"w","namespace":"s"},"spec":{"clusterIP":"10.96.0.5","sessionAffinity":"ClientIP"%s}}""";
        assertThat(valid(Kind.SERVICE, service.formatted("")).traffic().affinity())
                .contains(Duration.ofHours(3));
        for (String wrong : List.of("0", "86401", "-1", "1.5", "\"x\"")) {
            assertThat(read(
                            Kind.SERVICE,
                            service.formatted(
                                    ",\"sessionAffinityConfig\":{\"clientIP\":{\"timeoutSeconds\":" + wrong + "}}")))
                    .as(wrong)
                    .isInstanceOf(Reading.Invalid.class);
        }
    }

    /** What cannot be read is left out, but no range that cannot be read lets everyone in. */
    @Test
    void wrongAddressesAndRangesDoNotTakeTheRestWithThem() {
        String service = """
            {"metadata":{"name":"w","namespace":"s"},"spec":{"clusterIP":"10.96.0.5","externalIPs":["x","203.0.113.1"],
             "loadBalancerSourceRanges":%s}}""";
        Reading<?, ?> reading = read(Kind.SERVICE, service.formatted("[\"10.0.0.0/99\",\"10.0.0.0/8\"]"));
        assertThat(reading).isInstanceOfSatisfying(Reading.Partial.class, partial -> {
            assertThat(((Service) partial.value()).traffic().externalIps())
                    .containsExactly(IpAddress.parse("203.0.113.1"));
            assertThat(((Service) partial.value()).traffic().sourceRanges())
                    .containsExactly(Prefix.parse("10.0.0.0/8"));
        });
        assertThat(read(Kind.SERVICE, service.formatted("[\"10.0.0.0/99\"]"))).isInstanceOf(Reading.Invalid.class);
    }

    @Test
    void aServiceMayNameItsScheduler() {
        String service = """
            {"metadata":{"name":"w","namespace":"s","annotations":{"note":"mh","fyr.dev/ipvs-scheduler":%s}},
             "spec":{"clusterIP":"%s"}}""";
        ServiceTraffic traffic =
                valid(Kind.SERVICE, service.formatted("\" wlc \"", "10.96.0.5")).traffic();
        assertThat(traffic).isEqualTo(ServiceTraffic.USUAL.withScheduler(Optional.of("wlc")));
        assertThat(traffic.scheduler())
                .isSameAs(valid(Kind.SERVICE, service.formatted("\"wlc\"", "10.96.0.6"))
                        .traffic()
                        .scheduler());
        for (String none : List.of("null", "\"\"")) {
            assertThat(valid(Kind.SERVICE, service.formatted(none, "10.96.0.5")).traffic())
                    .isSameAs(ServiceTraffic.USUAL);
        }
    }

    @Test
    void anUnknownSchedulerIsNamedAndTheNodesIsUsed() {
        String service = """
            {"metadata":{"name":"w","namespace":"s","annotations":{"fyr.dev/ipvs-scheduler":"dh"}},"spec":{"clusterIP":"%s"}}""";
        assertThat(faults(service.formatted("10.96.0.5")))
                .containsExactly(
                        "metadata.annotations[fyr.dev/ipvs-scheduler]: must be rr, wrr, lc, wlc, sh or mh, not 'dh': the node's scheduler is used");
        assertThat(read(Kind.SERVICE, service.formatted("10.96.0.5")))
                .isInstanceOfSatisfying(
                        Reading.Partial.class,
                        partial -> assertThat(((Service) partial.value()).traffic())
                                .isSameAs(ServiceTraffic.USUAL));
        assertThat(faults(service.formatted("None"))).isEmpty();
    }

    /** A field that a later version of Kubernetes may add. */
    @Test
    void anUnknownFieldOfAServiceIsNamed() {
        assertThat(faults("""
            {"metadata":{"name":"w","namespace":"s"},"spec":{"clusterIP":"10.96.0.5","weights":{"a":[1]},"selector":{"a":"b"}}}"""))
                .containsExactly("spec.weights: is not known to this version: connections do not depend on it");
    }

    @Test
    void hintsOfEndpoints() {
        String slice = """
            {"metadata":{"name":"w","namespace":"s","labels":{"kubernetes.io/service-name":"w"}},"addressType":"IPv4",
             "endpoints":[{"addresses":["10.0.0.1"],"nodeName":"n","zone":"a","hints":%s}]}""";
        assertThat(hints(slice.formatted(
                        "{\"forZones\":[{\"name\":\"a\"}],\"forNodes\":[{\"name\":\"n\"},{\"name\":\"m\"}]}")))
                .isEqualTo(new Locality.Hints(List.of("a"), List.of("n", "m")));
        for (String none : new String[] {"null", "{}", "{\"forZones\":[],\"forNodes\":null}"}) {
            assertThat(hints(slice.formatted(none))).isEqualTo(Locality.Hints.NONE);
        }
    }

    private static Locality.Hints hints(String slice) {
        return valid(Kind.ENDPOINT_SLICE, slice)
                .endpoints()
                .getFirst()
                .locality()
                .hints();
    }

    @Test
    void whatAServerFillsInOrAHeadlessServiceCannotUseIsNotNamed() {
        assertThat(faults("""
            {"metadata":{"name":"w","namespace":"s"},
             "spec":{"type":"NodePort","clusterIP":"10.96.0.5","sessionAffinity":"None","externalTrafficPolicy":"Cluster",
             "internalTrafficPolicy":"Cluster","externalIPs":[],"trafficDistribution":null}}""")).isEmpty();
        assertThat(faults("""
            {"metadata":{"name":"h","namespace":"s"},"spec":{"clusterIP":"None","sessionAffinity":"ClientIP"}}""")).isEmpty();
    }
}
