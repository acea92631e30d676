package fyr.compiler.hostport;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.Service;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Law 1 for host ports, in histories in which pods ask for the ports of others and for node ports of Services, at one address, at all of a
 * family and at all.
 */
class HostPortHistoryTest {

    private static final int STEPS = 1_000;
    private static final NodeIdentity NODE = new NodeIdentity(
            "node1",
            new HostLink("eth0", 1500, List.of(Prefix.parse("192.0.2.0/24"))),
            Overlay.AUTO,
            List.of(IpAddress.parse("10.96.0.10")),
            List.of());
    private static final List<String> HOST_IPS = List.of(
            "0.0.0.0", "::", "192.0.2.1", "192.0.2.2", "2001:db8::1", "127.0.0.1", "::1", "224.0.0.1", "169.254.7.7");

    private final Map<NamespacedName, Service> services = new HashMap<>();
    private PersistentMap<String, Attachment> attachments = PersistentMap.empty();
    private int refused;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everyHistoryLeadsToTheSamePlan(long seed) {
        Random random = new Random(seed);
        Optional<NodePlan> previous = Optional.empty();
        for (int step = 0; step < STEPS; step++) {
            change(random);
            if (random.nextInt(3) > 0) {
                NodePlan incremental = Compiler.compile(inputs(), previous);
                NodePlan fresh = Compiler.compile(inputs(), Optional.empty());
                assertSame(incremental, fresh, "step " + step);
                assertJust(incremental, "step " + step);
                previous = Optional.of(incremental);
            }
        }
        assertThat(refused).as("conflicts").isGreaterThan(STEPS / 4);
    }

    private NodeInputs inputs() {
        ClusterSketch cluster = ClusterSketch.empty().node("node1", List.of("192.0.2.1"), List.of("10.244.1.0/24"));
        for (Service service : services.values()) {
            cluster = cluster.service(service);
        }
        return NodeInputs.of(NODE).with(cluster.snapshot()).withAttachments(attachments);
    }

    private void change(Random random) {
        if (random.nextInt(4) == 0) {
            int number = random.nextInt(3);
            NamespacedName name = new NamespacedName("default", "s" + number);
            if (random.nextInt(3) == 0) {
                services.remove(name);
            } else {
                services.put(name, service(name, number, random));
            }
        } else {
            int number = random.nextInt(5);
            Attachment attachment = attachment(number, random);
            attachments = random.nextInt(4) == 0
                    ? attachments.without(attachment.key())
                    : attachments.with(attachment.key(), attachment);
        }
    }

    private static Service service(NamespacedName name, int number, Random random) {
        List<IpAddress> addresses = new ArrayList<>();
        if (random.nextInt(3) > 0) {
            addresses.add(IpAddress.parse("10.96.0.2" + number));
        }
        if (random.nextInt(3) > 0) {
            addresses.add(IpAddress.parse("fd00:96::" + number));
        }
        return new Service(
                name,
                Service.Type.NODE_PORT,
                addresses,
                Optional.empty(),
                false,
                List.of(new Service.Port("p", protocol(random), 80, port(random))));
    }

    private static Attachment attachment(int number, Random random) {
        List<IpAddress> addresses = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            addresses.add(IpAddress.parse("10.244.1." + (1 + number)));
        }
        if (random.nextInt(4) > 0) {
            addresses.add(IpAddress.parse("fd00:10:244:1::" + (1 + number)));
        }
        List<HostPort> ports = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Optional<IpAddress> address = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(IpAddress.parse(HOST_IPS.get(random.nextInt(HOST_IPS.size()))));
            ports.add(new HostPort(address, protocol(random), port(random), 80 + random.nextInt(2)));
        }
        return new Attachment(
                "c" + number,
                "eth0",
                "fyr" + number,
                MacAddress.local(number),
                addresses,
                new NamespacedName("default", "pod" + number),
                0,
                ports);
    }

    private static Protocol protocol(Random random) {
        return random.nextInt(3) > 0 ? Protocol.UDP : Protocol.values()[random.nextInt(3)];
    }

    private static int port(Random random) {
        return random.nextInt(8) == 0 ? 4789 : 30000 + random.nextInt(2);
    }

    private static void assertSame(NodePlan incremental, NodePlan fresh, String when) {
        assertThat(incremental.hostPorts().objects().sorted())
                .as(when)
                .isEqualTo(fresh.hostPorts().objects().sorted());
        assertThat(incremental.hostPorts().leads())
                .as(when)
                .isEqualTo(fresh.hostPorts().leads());
        assertThat(incremental.kernel().table(Tables.NFT).sorted())
                .as(when)
                .isEqualTo(fresh.kernel().table(Tables.NFT).sorted());
        assertThat(incremental.claims().hostPorts().complaints().sorted())
                .as(when)
                .isEqualTo(fresh.claims().hostPorts().complaints().sorted());
    }

    /** By the words of the claim alone: each place that a pod asks for leads to it, or to another pod, or is refused with a complaint. */
    private void assertJust(NodePlan plan, String when) {
        attachments.sorted().forEach((key, attachment) -> {
            List<Complaint> about =
                    plan.claims().hostPorts().complaints().get(key).orElse(List.of());
            refused += about.size();
            for (HostPort port : attachment.hostPorts()) {
                for (HostPort.Place place : port.places()) {
                    Optional<IpAddress> own = attachment.addresses().stream()
                            .filter(address -> address.family() == place.family())
                            .findFirst();
                    boolean leadsHere = plan.hostPorts()
                            .leads()
                            .get(place)
                            .filter(end -> Optional.of(end.address()).equals(own))
                            .isPresent();
                    boolean silent = own.isEmpty() && port.address().isEmpty();
                    boolean complained = about.stream()
                            .anyMatch(complaint -> complaint.field().equals("hostPort " + port.nodeEnd()));
                    assertThat(leadsHere || silent || complained)
                            .as("%s: %s of %s", when, place, key)
                            .isTrue();
                    assertThat(leadsHere && isNodePort(plan, place))
                            .as("%s: %s of %s is a node port", when, place, key)
                            .isFalse();
                }
            }
        });
    }

    private static boolean isNodePort(NodePlan plan, HostPort.Place place) {
        return plan.claims().services().granted().sorted().values().stream()
                .filter(service -> service.clusterIps().stream()
                        .map(IpAddress::family)
                        .anyMatch(family -> family == place.family()))
                .flatMap(service -> service.ports().stream())
                .anyMatch(port -> port.protocol() == place.protocol() && port.nodePort() == place.port());
    }
}
