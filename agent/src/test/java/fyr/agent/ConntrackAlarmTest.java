package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.ServiceTable;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.observation.ConntrackShare;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When it is said that the table fills, and of whom. */
class ConntrackAlarmTest {

    private static final IpAddress POD = IpAddress.parse("10.244.1.5");
    private static final IpAddress POD6 = IpAddress.parse("fd00:10:244:1::5");
    private static final IpAddress NODE = IpAddress.parse("172.20.0.11");
    private static final IpAddress OUTSIDE = IpAddress.parse("192.0.2.1");
    private static final IpAddress WEB = IpAddress.parse("10.96.0.20");
    private static final int WEB_NODE_PORT = 30_080;

    private final List<ConntrackEntry> entries = new ArrayList<>();
    private final FlowsInMemory table = new FlowsInMemory(entries);
    private final List<Observation> told = new ArrayList<>();
    private long now;
    private final ConntrackAlarm alarm = new ConntrackAlarm(
            table,
            () -> PersistentMap.of(Map.of(
                    "c/eth0",
                    new Attachment(
                            "c",
                            "eth0",
                            "fyr1",
                            MacAddress.parse("02:00:00:00:00:01"),
                            List.of(POD, POD6),
                            new NamespacedName("shop", "flooder")))),
            () -> Optional.of(services()),
            told::add,
            () -> now,
            () -> Instant.EPOCH);

    private static ServiceTable services() {
        Service web = new Service(
                new NamespacedName("shop", "web"),
                Service.Type.NODE_PORT,
                List.of(WEB),
                Optional.empty(),
                false,
                List.of(new Service.Port("", Protocol.TCP, 80, WEB_NODE_PORT)));
        return ServiceTable.empty("node1", List.of())
                .next(ClusterSnapshot.empty()
                        .withNodes(PersistentMap.of(Map.of("node1", new Node("node1", List.of(NODE), List.of()))))
                        .withServices(PersistentMap.of(Map.of(web.name(), web))));
    }

    private void connections(int count, IpAddress from, IpAddress to, int port, IpAddress end) {
        for (int i = 0; i < count; i++) {
            entries.add(new ConntrackEntry(
                    new Tuple(from, to, 6, 1000 + i, port), new Tuple(end, from, 6, 8080, 1000 + i), true));
        }
    }

    private List<Observation> at(int used, int seconds) {
        now += seconds * 1_000_000_000L;
        table.use = new ConntrackUse(used, 1000, 0, 0, 0);
        told.clear();
        alarm.look();
        return List.copyOf(told);
    }

    private List<ConntrackShare> shares() {
        return ((Observation.ConntrackFilling) at(750, 1).getFirst()).shares();
    }

    @Test
    void itRingsAtThreeQuartersAtNineTenthsAndThenOnceAMinute() {
        assertThat(at(749, 1)).isEmpty();
        assertThat(at(750, 1)).hasSize(1).first().isInstanceOf(Observation.ConntrackFilling.class);
        assertThat(at(899, 1)).isEmpty();
        assertThat(at(905, 1)).hasSize(1);
        assertThat(table.looks).as("the table is read once in half a minute").isEqualTo(1);
        assertThat(at(1000, 30)).isEmpty();
        assertThat(at(1000, 30)).hasSize(1);
        assertThat(table.looks).isEqualTo(2);
        assertThat(at(701, 1)).as("not over yet").isEmpty();
        assertThat(at(750, 1)).isEmpty();
        assertThat(at(699, 1)).containsExactly(new Observation.ConntrackRelieved(69));
        assertThat(at(699, 1)).isEmpty();
        assertThat(at(760, 1)).as("another time").hasSize(1);
    }

    @Test
    void aTableThatIsFullWithinOneLookRingsOnce() {
        assertThat(at(1000, 1)).hasSize(1);
        assertThat(at(1000, 1)).isEmpty();
    }

    @Test
    void thePodThatOpensConnectionsIsNamedAndTheServiceThatTheyAreTo() {
        connections(60, POD, WEB, 80, IpAddress.parse("10.244.2.9"));
        connections(20, POD6, IpAddress.parse("2001:db8::1"), 80, IpAddress.parse("2001:db8::1"));
        connections(20, OUTSIDE, IpAddress.parse("192.0.2.7"), 80, IpAddress.parse("192.0.2.7"));
        assertThat(shares())
                .containsExactly(
                        new ConntrackShare("Pod", "shop/flooder", true, 80),
                        new ConntrackShare("Service", "shop/web", false, 60));
        assertThat(told.getFirst().text())
                .contains("75 % full (750 of 1000", "about 80 % are connections from Pod shop/flooder");
    }

    @Test
    void aPodThatIsFloodedIsNotAccusedOfIt() {
        connections(90, OUTSIDE, NODE, WEB_NODE_PORT, POD);
        connections(10, OUTSIDE, IpAddress.parse("192.0.2.7"), WEB_NODE_PORT, IpAddress.parse("192.0.2.7"));
        assertThat(shares())
                .containsExactly(
                        new ConntrackShare("Pod", "shop/flooder", false, 90),
                        new ConntrackShare("Service", "shop/web", false, 90));
    }

    @Test
    void nobodyIsNamedForASmallPart() {
        connections(5, POD, WEB, 80, IpAddress.parse("10.244.2.9"));
        connections(95, OUTSIDE, IpAddress.parse("192.0.2.7"), 80, IpAddress.parse("192.0.2.7"));
        assertThat(shares()).isEmpty();
        assertThat(told.getFirst().text()).contains("no pod of this node and no Service");
    }
}
