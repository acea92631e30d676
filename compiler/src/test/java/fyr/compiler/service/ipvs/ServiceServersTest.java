package fyr.compiler.service.ipvs;

import static fyr.model.ServiceTraffic.Policy.CLUSTER;
import static fyr.model.ServiceTraffic.Policy.LOCAL;
import static fyr.model.ServiceTraffic.USUAL;
import static fyr.testkit.ServiceSketch.CLUSTER_IP;
import static fyr.testkit.ServiceSketch.cluster;
import static fyr.testkit.ServiceSketch.policies;
import static fyr.testkit.ServiceSketch.ready;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.ServiceTable;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.nft.NftKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.Protocol;
import fyr.model.ServiceTraffic;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.testkit.ClusterSketch;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ServiceServersTest {

    private static final ServiceTable NOTHING = ServiceTable.empty("self", List.of());
    private static final EndpointSlice.Endpoint LOCAL_ONE = ready("10.244.1.1", Locality.of("self", "a"));
    private static final EndpointSlice.Endpoint REMOTE_ONE = ready("10.244.2.1", Locality.of("other", "b"));
    private static final VirtualServerKey HTTP = new VirtualServerKey(Protocol.TCP, CLUSTER_IP, 80);

    private static ServiceServers servers(ClusterSketch cluster) {
        return ServiceServers.empty(NOTHING).next(NOTHING.next(cluster.snapshot()));
    }

    private static RealServerKey real(VirtualServerKey server, String address) {
        return new RealServerKey(server, IpAddress.parse(address), 8080);
    }

    private static long elements(ServiceServers servers, String set) {
        return servers.objects()
                .sorted(key -> key instanceof NftKey.ElementKey element
                        && element.set().equals(set))
                .size();
    }

    @Test
    void oneVirtualServerServesAllFrontendsOfAPort() {
        ServiceServers servers = servers(cluster(USUAL, LOCAL_ONE, REMOTE_ONE));
        assertThat(servers.virtual().sorted())
                .isEqualTo(Map.of(HTTP, new VirtualServer.Balanced(Scheduler.RR, OptionalInt.empty())));
        assertThat(servers.real().sorted())
                .isEqualTo(Map.of(
                        real(HTTP, "10.244.1.1"), RealServer.Masqueraded.USUAL,
                        real(HTTP, "10.244.2.1"), RealServer.Masqueraded.USUAL));
        assertThat(servers.routes().sorted())
                .isEqualTo(Map.of(new RouteKey(Prefix.single(CLUSTER_IP)), new Route.Local()));
        assertThat(elements(servers, "node-ports-servers")).isEqualTo(1);
        assertThat(elements(servers, "served")).isEqualTo(1);
        assertThat(elements(servers, "node-ports-dropped")).isZero();
    }

    @Test
    void withoutEndpointsTheVirtualServerStaysForConnectionsThatGoOn() {
        ServiceServers servers = servers(cluster(USUAL));
        assertThat(servers.virtual().sorted().keySet()).isEqualTo(Set.of(HTTP));
        assertThat(servers.real().isEmpty()).isTrue();
        assertThat(elements(servers, "served")).isZero();
        assertThat(elements(servers, "node-ports-servers")).isZero();
        assertThat(elements(servers, "own-node-ports")).isEqualTo(1);
    }

    @Test
    void otherEndpointsForOtherClientsAreAnotherVirtualServerAtAFreePort() {
        ServiceServers servers = servers(cluster(policies(CLUSTER, LOCAL), LOCAL_ONE, REMOTE_ONE));
        assertThat(servers.virtual().sorted().keySet())
                .hasSize(2)
                .contains(HTTP)
                .allMatch(key -> key.address().equals(CLUSTER_IP));
        VirtualServerKey other = servers.virtual().sorted().keySet().stream()
                .filter(key -> !key.equals(HTTP))
                .findFirst()
                .orElseThrow();
        assertThat(servers.real().sorted().keySet())
                .isEqualTo(Set.of(real(HTTP, "10.244.1.1"), real(HTTP, "10.244.2.1"), real(other, "10.244.1.1")));
        assertThat(elements(servers, "node-ports-servers")).isEqualTo(1);
        assertThat(elements(servers, "node-ports-here-servers")).isEqualTo(1);
        assertThat(elements(servers, "served"))
                .as("the other one is not offered")
                .isEqualTo(1);
    }

    @Test
    void whatNobodyOfTheNodeCanTakeIsDropped() {
        ServiceServers servers = servers(cluster(policies(LOCAL, CLUSTER), REMOTE_ONE));
        assertThat(elements(servers, "services-dropped")).isEqualTo(1);
        assertThat(elements(servers, "served")).isZero();
    }

    @Test
    void aServiceChoosesItsScheduler() {
        assertThat(scheduler(USUAL.withScheduler(Optional.of("wlc")))).isEqualTo(Scheduler.WLC);
        assertThat(scheduler(USUAL.withScheduler(Optional.of("nonsense")))).isEqualTo(Scheduler.RR);
    }

    private static Scheduler scheduler(ServiceTraffic traffic) {
        return servers(cluster(traffic, LOCAL_ONE)).virtual().get(HTTP).stream()
                .map(VirtualServer.Balanced.class::cast)
                .map(VirtualServer.Balanced::scheduler)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aClientKeepsItsEndpointForTheServicesTime() {
        ServiceTraffic sticky =
                new ServiceTraffic(CLUSTER, CLUSTER, Optional.of(Duration.ofHours(3)), List.of(), List.of(), List.of());
        assertThat(servers(cluster(sticky, LOCAL_ONE)).virtual().get(HTTP))
                .contains(new VirtualServer.Balanced(Scheduler.RR, OptionalInt.of(10_800)));
    }

    /** They decide about a connection when it begins, so they are there before the first virtual server. */
    @Test
    void theSettingsOfIpvsAreAlwaysWanted() {
        assertThat(ServiceServers.empty(NOTHING)
                        .kernel()
                        .table(Tables.IPVS_SETTINGS)
                        .get(new SysctlKey("net/ipv4/vs/conntrack")))
                .contains("1");
    }
}
