package fyr.dns.answer;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.RecordType;
import fyr.model.NamespacedName;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Ipv4Address;
import fyr.model.address.Ipv6Address;
import fyr.model.name.DnsService.DnsPort;
import fyr.model.name.DnsService.Headless;
import fyr.model.name.DnsService.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HostIndexTest {

    private static final DnsPort HTTP = new DnsPort("http", Protocol.TCP, 80);
    private static final DnsPort DNS = new DnsPort("dns", Protocol.UDP, 53);
    private static final DnsPort DNS_TCP = new DnsPort("dns", Protocol.TCP, 53);

    @Test
    void findsWhatAWalkThroughAllFinds() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            List<Host> hosts = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                hosts.add(host(random, i));
            }
            HostIndex index = HostIndex.of(hosts);
            for (int i = 0; i < 45; i++) {
                String name = "h" + i;
                assertThat(index.named(name))
                        .as("seed %d", seed)
                        .isEqualTo(hosts.stream()
                                .filter(host -> host.name().equals(name))
                                .toList());
            }
            for (String label : List.of("_http._tcp", "_dns._udp", "_dns._tcp", "_udp", "_tcp", "_no._tcp", "")) {
                assertThat(index.withPort(label))
                        .as("seed %d, %s", seed, label)
                        .isEqualTo(hosts.stream()
                                .filter(host -> host.ports().stream()
                                        .anyMatch(port -> label.isEmpty()
                                                || HostIndex.label(port).equals(label)
                                                || HostIndex.protocol(port).equals(label)))
                                .toList());
            }
            for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
                assertThat(index.addresses(type))
                        .as("seed %d, %s", seed, type)
                        .isEqualTo(hosts.stream()
                                .flatMap(host -> Addresses.data(host.addresses(), type).stream())
                                .toList());
            }
        }
    }

    /** Pods with hostnames on the network of one node. */
    @Test
    void anAddressThatHostsShareIsOneRecord() {
        List<IpAddress> shared = List.of(new Ipv4Address(7));
        HostIndex index = HostIndex.of(List.of(
                new Host("a", shared, List.of(HTTP)),
                new Host("b", shared, List.of(HTTP)),
                new Host("c", shared, List.of(HTTP))));
        assertThat(index.addresses(RecordType.A)).hasSize(1);
        assertThat(index.withPort("_http._tcp")).hasSize(3);
    }

    private static Host host(Random random, int number) {
        List<IpAddress> addresses = new ArrayList<>();
        if (random.nextInt(4) > 0) {
            addresses.add(new Ipv4Address(random.nextInt()));
        }
        if (random.nextBoolean()) {
            addresses.add(new Ipv6Address(random.nextLong(), random.nextLong()));
        }
        List<DnsPort> ports = new ArrayList<>(List.of(HTTP, DNS, DNS_TCP));
        ports.removeIf(port -> random.nextBoolean());
        return new Host("h" + number, addresses, ports);
    }

    @Test
    void anIndexIsMadeOnceForEachVersionOfAService() {
        HostIndexes indexes = new HostIndexes();
        NamespacedName name = new NamespacedName("shop", "db");
        Headless first = new Headless(List.of(new Host("a", List.of(new Ipv4Address(1)), List.of())));
        Headless second = new Headless(List.of(new Host("b", List.of(new Ipv4Address(2)), List.of())));
        assertThat(indexes.of(name, first)).isSameAs(indexes.of(name, first));
        assertThat(indexes.of(name, second).named("b")).hasSize(1);
        assertThat(indexes.of(name, second).named("a")).isEmpty();
        assertThat(indexes.of(name, first).named("a")).hasSize(1);
        for (int i = 0; i < 5000; i++) {
            assertThat(indexes.of(new NamespacedName("shop", "s" + i), first).named("a"))
                    .hasSize(1);
        }
    }
}
