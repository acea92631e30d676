package fyr.compiler.service.cases;

import static fyr.compiler.service.cases.Place.CLIENT;
import static fyr.compiler.service.cases.Place.CLUSTER_IP;
import static fyr.compiler.service.cases.Place.NODE;
import static fyr.compiler.service.cases.Place.POD_A;
import static fyr.compiler.service.cases.Place.POD_B;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Tables;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Protocol;
import fyr.model.ServiceTraffic;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever the kernel lacks of a plan, no connection to a virtual address reaches a listener of the node, or leaves for somebody else. */
class UntakenPacketsTest {

    private static final Scene SCENE = Scene.of(ServiceDraft.web(EndpointDraft.ready(POD_A)));

    private static KernelPlan plan(BackEnd backEnd, Family family) {
        return CompiledScene.of(backEnd, SCENE, family).last().kernel();
    }

    private static Outcome connect(KernelPath path, Place from, Family family) {
        return path.connect(from, CLUSTER_IP, Scene.PORT, Protocol.TCP, family);
    }

    @ParameterizedTest
    @EnumSource
    void aVirtualServerThatIsMissingLeadsToNobody(Family family) {
        KernelPlan plan = plan(BackEnd.IPVS, family).with(Tables.VIRTUAL_SERVERS, PersistentMap.empty());
        assertAllRefused(path(plan, plan), family);
    }

    @ParameterizedTest
    @EnumSource
    void aRouteThatIsMissingLeadsToNobody(Family family) {
        KernelPlan plan = plan(BackEnd.IPVS, family).with(Tables.LOCAL_ROUTES, PersistentMap.empty());
        for (Place from : List.of(POD_B, CLIENT)) {
            assertThat(connect(path(plan, plan), from, family)).as(from.name()).isEqualTo(new Outcome.Refused());
        }
    }

    /** A port that the rules know nothing about: those of the other modes, while the routes of mode ipvs are there already. */
    @ParameterizedTest
    @EnumSource(names = {"NFTABLES", "IPTABLES"})
    void theRoutesOfModeIpvsLeadToNobodyBesideTheRulesOfAnother(BackEnd backEnd) {
        for (Family family : Family.values()) {
            KernelPlan other = CompiledScene.of(backEnd, Scene.of(ServiceDraft.web(new EndpointDraft[0])), family)
                    .last()
                    .kernel();
            KernelPlan routes = KernelPlan.empty()
                    .with(
                            Tables.LOCAL_ROUTES,
                            PersistentMap.<RouteKey, Route>empty()
                                    .with(new RouteKey(Prefix.single(CLUSTER_IP.in(family))), new Route.Local()));
            SplittableRandom random = new SplittableRandom(1);
            KernelPath.Hooks hooks =
                    backEnd == BackEnd.NFTABLES ? new NftHooks(other, random) : new IptablesHooks(SCENE, other, random);
            KernelPath path = new KernelPath(SCENE, hooks, new PlannedServers(routes, random), random);
            assertThat(path.connect(CLIENT, CLUSTER_IP, Scene.UNDEFINED_PORT, Protocol.TCP, family))
                    .as(family.name())
                    .isEqualTo(new Outcome.Refused());
        }
    }

    /** It is at a port that follows from the node port, and only for what rules have translated. */
    @ParameterizedTest
    @EnumSource
    void aVirtualServerForOtherFrontendsTakesNothingDirectly(Family family) {
        Scene local = Scene.of(ServiceDraft.web(EndpointDraft.ready(POD_A), EndpointDraft.ready(Place.REMOTE_A))
                .external(ServiceTraffic.Policy.LOCAL));
        KernelPlan plan = CompiledScene.of(BackEnd.IPVS, local, family).last().kernel();
        int port = Scene.NODE_PORT ^ 0x8000;
        assertThat(plan.table(Tables.VIRTUAL_SERVERS)
                        .containsKey(new VirtualServerKey(Protocol.TCP, CLUSTER_IP.in(family), port)))
                .isTrue();
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            assertThat(path(plan, plan).connect(from, CLUSTER_IP, port, Protocol.TCP, family))
                    .as(from.name())
                    .isEqualTo(new Outcome.Refused());
        }
    }

    private static KernelPath path(KernelPlan rules, KernelPlan servers) {
        SplittableRandom random = new SplittableRandom(1);
        return new KernelPath(
                SCENE,
                new NftHooks(one -> PlannedServers.objects(one, false), rules, random, _ -> {}),
                new PlannedServers(servers, random),
                random);
    }

    private static void assertAllRefused(KernelPath path, Family family) {
        for (Place from : List.of(POD_B, NODE, CLIENT)) {
            assertThat(connect(path, from, family)).as(from.name()).isEqualTo(new Outcome.Refused());
        }
    }
}
