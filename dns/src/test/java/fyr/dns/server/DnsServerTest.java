package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.dns.DnsException;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.dns.forward.UpstreamForwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordData;
import fyr.dns.message.RecordType;
import fyr.model.NamespacedName;
import fyr.model.name.DnsView;
import fyr.model.persistent.PersistentMap;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole server on loopback, with {@code dig} as the witness. */
class DnsServerTest {

    private final AtomicReference<Optional<DnsView>> view = new AtomicReference<>(Optional.of(Shop.view()));
    private final DnsServer server =
            start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), Forwarder.none());

    private DnsServer start(InetSocketAddress address, Forwarder forwarder) {
        return DnsServer.start(List.of(address), Shop.ZONE, view::get, forwarder, DnsCounters.none());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String dig(String... arguments) throws Exception {
        return Dig.at(server.addresses().getFirst(), arguments);
    }

    private static String dig(DnsServer server, String... arguments) throws Exception {
        return Dig.at(server.addresses().getFirst(), arguments);
    }

    @Test
    void servicesHaveAddressesOfBothFamilies() throws Exception {
        assertThat(dig("+short", "web.shop.svc.cluster.local", "A")).isEqualTo("10.96.0.7\n");
        assertThat(dig("+short", "web.shop.svc.cluster.local", "AAAA")).isEqualTo("fd00:96::7\n");
        assertThat(dig("+short", "+tcp", "web.shop.svc.cluster.local", "A")).isEqualTo("10.96.0.7\n");
        assertThat(dig("+short", "_http._tcp.web.shop.svc.cluster.local", "SRV"))
                .isEqualTo("0 100 80 web.shop.svc.cluster.local.\n");
        assertThat(dig("+short", "-x", "10.96.0.7")).isEqualTo("web.shop.svc.cluster.local.\n");
        assertThat(dig("+short", "dns-version.cluster.local", "TXT")).isEqualTo("\"1.1.0\"\n");
    }

    @Test
    void headlessServicesAreWholeOverTcpAndCutOverUdp() throws Exception {
        assertThat(dig("+short", "db.shop.svc.cluster.local").lines()).hasSize(200); // dig goes on to TCP
        assertThat(dig("+ignore", "db.shop.svc.cluster.local")).contains("flags: qr aa tc");
        assertThat(dig("+noedns", "+ignore", "db.shop.svc.cluster.local"))
                .contains("flags: qr aa tc")
                .contains("rcvd: 5");
        assertThat(dig("+short", "db-17.db.shop.svc.cluster.local")).isEqualTo("10.244.1.17\n");
    }

    @Test
    void denialsAgreeForBothTypes() throws Exception {
        String[] missing = {
            "example.com.shop.svc.cluster.local", "www.example.com.svc.cluster.local", "no.shop.svc.cluster.local",
                    "none.shop.svc.cluster.local",
            "x.no.svc.cluster.local", "example.com.cluster.local", "db-999.db.shop.svc.cluster.local",
                    "1-2-3-4.no.pod.cluster.local"
        };
        for (String name : missing) {
            assertThat(dig(name, "A")).as(name).contains("NXDOMAIN").contains("SOA");
            assertThat(dig(name, "AAAA")).as(name).contains("NXDOMAIN").contains("SOA");
        }
        for (String name :
                List.of("db.shop.svc.cluster.local", "shop.svc.cluster.local", "svc.cluster.local", "cluster.local")) {
            assertThat(dig(name, "AAAA"))
                    .as(name)
                    .contains("NOERROR")
                    .contains("ANSWER: 0")
                    .contains("SOA");
        }
        assertThat(dig("-x", "10.96.0.9")).contains("NXDOMAIN").contains("96.10.in-addr.arpa.");
    }

    @Test
    void overIpv6Too() throws Exception {
        InetSocketAddress loopback = new InetSocketAddress("::1", 0);
        try (DnsServer both = DnsServer.start(
                List.of(loopback, new InetSocketAddress("127.0.0.1", 0)),
                Shop.ZONE,
                view::get,
                Forwarder.none(),
                DnsCounters.none())) {
            assertThat(both.addresses()).hasSize(2);
            assertThat(both.addresses().getFirst().getAddress().getHostAddress())
                    .isEqualTo("0:0:0:0:0:0:0:1");
            assertThat(dig(both, "+short", "web.shop.svc.cluster.local", "AAAA"))
                    .isEqualTo("fd00:96::7\n");
            assertThat(dig(both, "+short", "+tcp", "web.shop.svc.cluster.local"))
                    .isEqualTo("10.96.0.7\n");
            assertThat(dig(both, "+short", "-x", "fd00:96::7")).isEqualTo("web.shop.svc.cluster.local.\n");
            assertThat(dig(both, "+short", "-x", "fd00:244::31")).isEqualTo("zero.pair.shop.svc.cluster.local.\n");
            assertThat(dig(both, "-x", "fd00:96::8"))
                    .contains("NXDOMAIN")
                    .contains("0.0.0.0.0.0.0.0.0.0.0.0.6.9.0.0.0.0.d.f.ip6.arpa.");
            assertThat(dig(both, "-x", "2001:db8::1")).as("not ours").contains("SERVFAIL");
            assertThat(dig(both, "+short", "NS", "cluster.local")).isEqualTo("ns.dns.cluster.local.\n");
            assertThat(dig(both, "+short", "AAAA", "ns.dns.cluster.local")).isEqualTo("fd00:96::10\n");
        }
    }

    @Test
    void aliasesPodsAndOddities() throws Exception {
        assertThat(dig("+short", "alias.shop.svc.cluster.local")).isEqualTo("web.shop.svc.cluster.local.\n10.96.0.7\n");
        assertThat(dig("away.shop.svc.cluster.local")).contains("SERVFAIL").contains("CNAME\texample.com.");
        assertThat(dig("+short", "10-1-2-3.shop.pod.cluster.local")).isEqualTo("10.1.2.3\n");
        assertThat(dig("+short", "fd00--1.shop.pod.cluster.local", "AAAA")).isEqualTo("fd00::1\n");
        assertThat(dig("wEb.ShOp.sVc.cluster.local")).contains("wEb.ShOp.sVc.cluster.local. 5\tIN");
        assertThat(dig("web.shop.svc.cluster.local", "ANY", "+notcp")).contains("HINFO");
        assertThat(dig("+edns=1", "+noednsneg", "cluster.local", "SOA")).contains("BADVERS");
        assertThat(dig("cluster.local", "AXFR")).contains("Transfer failed");
        assertThat(dig("CH", "version.bind", "TXT")).contains("REFUSED");
    }

    @Test
    void anUnknownClusterIsNotDenied() throws Exception {
        view.set(Optional.empty());
        assertThat(dig("web.shop.svc.cluster.local")).contains("SERVFAIL").contains("EDE: 14");
        view.set(Optional.of(Shop.view()));
        assertThat(dig("+short", "web.shop.svc.cluster.local")).isEqualTo("10.96.0.7\n");
    }

    @Test
    void otherNamesAreAskedUpstream() throws Exception {
        Zone other = new Zone(fyr.dns.message.DnsName.parse("elsewhere.test"), 5, List::of, List.of());
        var forwarder = new UpstreamForwarder(server.addresses(), List.of(), 1 << 20, InstantSource.system());
        var here = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (DnsServer front = DnsServer.start(List.of(here), other, view::get, forwarder, DnsCounters.none())) {
            assertThat(dig(front, "+short", "web.shop.svc.cluster.local")).isEqualTo("10.96.0.7\n");
            assertThat(dig(front, "+short", "web.shop.svc.cluster.local")).isEqualTo("10.96.0.7\n");
            assertThat(dig(front, "+short", "db.shop.svc.cluster.local").lines())
                    .hasSize(200);
            assertThat(dig(front, "no.shop.svc.cluster.local"))
                    .contains("NXDOMAIN")
                    .contains("SOA");
        }
    }

    /** On a machine with several addresses the kernel would choose the first one for a socket that is bound to none. */
    @Test
    void answersComeFromTheAddressThatWasAsked() throws Exception {
        List<InetSocketAddress> addresses = List.of(
                new InetSocketAddress("127.0.0.1", 0),
                new InetSocketAddress("127.0.0.42", 0),
                new InetSocketAddress("127.0.0.41", 0),
                new InetSocketAddress("::1", 0));
        try (DnsServer several =
                        DnsServer.start(addresses, Shop.ZONE, view::get, Forwarder.none(), DnsCounters.none());
                DatagramSocket client = new DatagramSocket()) { // not connected: it takes whatever comes
            client.setSoTimeout(5000);
            byte[] query = MessageWriter.write(
                    Message.of(
                            7,
                            Flags.query(false),
                            List.of(new Question(DnsName.parse("web.shop.svc.cluster.local"), RecordType.A)),
                            Optional.empty()),
                    512);
            for (InetSocketAddress asked : several.addresses()) {
                client.send(new DatagramPacket(query, query.length, asked));
                DatagramPacket answer = new DatagramPacket(new byte[512], 512);
                client.receive(answer);
                assertThat(answer.getSocketAddress()).isEqualTo(asked);
            }
        }
        for (String every : List.of("0.0.0.0", "::")) {
            assertThatThrownBy(() -> start(new InetSocketAddress(every, 0), Forwarder.none()))
                    .isInstanceOf(DnsException.class)
                    .hasMessageContaining("which stands for every address; name one of this machine's");
        }
    }

    @Test
    void mistakesAreNamedInOneLine() {
        InetSocketAddress taken = server.addresses().getFirst();
        assertThatThrownBy(() -> start(taken, Forwarder.none()))
                .isInstanceOf(DnsException.class)
                .hasMessageContaining("127.0.0.1 port " + taken.getPort());
        assertThatThrownBy(() -> new UpstreamForwarder(List.of(taken), List.of(taken), 10, InstantSource.system()))
                .isInstanceOf(DnsException.class)
                .hasMessageContaining("is this cluster DNS itself");
    }

    @Test
    void itListensOnAllAddressesOrNone() throws Exception {
        InetSocketAddress taken = server.addresses().getFirst();
        InetSocketAddress free = new InetSocketAddress("127.0.0.43", taken.getPort());
        for (InetSocketAddress wrong : List.of(taken, new InetSocketAddress("0.0.0.0", 0))) {
            assertThatThrownBy(() -> DnsServer.start(
                            List.of(free, wrong), Shop.ZONE, view::get, Forwarder.none(), DnsCounters.none()))
                    .isInstanceOf(DnsException.class);
            try (DnsServer now = start(free, Forwarder.none())) {
                assertThat(now.addresses()).containsExactly(free);
                assertThat(dig(now, "+short", "web.shop.svc.cluster.local")).isEqualTo("10.96.0.7\n");
            }
        }
    }

    /** The kernel would give each of the two servers a part of the queries. */
    @Test
    void aPortThatAnotherProgramWouldShareIsTaken() throws Exception {
        try (DatagramChannel other = DatagramChannel.open(StandardProtocolFamily.INET)) {
            other.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            other.bind(new InetSocketAddress("127.0.0.1", 0));
            InetSocketAddress shared = (InetSocketAddress) other.getLocalAddress();
            assertThatThrownBy(() -> start(shared, Forwarder.none()))
                    .isInstanceOf(DnsException.class)
                    .hasMessageContaining("127.0.0.1 port " + shared.getPort());
        }
    }

    /** A client keeps to one of the server's sockets, which remembers answers. */
    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void theHostsOfAHeadlessServiceTakeTurnsOverUdp(String address) throws Exception {
        DnsView three = new DnsView(
                PersistentMap.of(Map.of(new NamespacedName("shop", "db"), Shop.headless(3))),
                PersistentMap.of(Map.of("shop", true)),
                PersistentMap.of(Map.of()));
        view.set(Optional.of(three));
        Message query = Message.of(
                7,
                Flags.query(false),
                List.of(new Question(DnsName.parse("db.shop.svc.cluster.local"), RecordType.A)),
                Optional.empty());
        byte[] bytes = MessageWriter.write(query, 512);
        Set<RecordData> first = new HashSet<>();
        try (DnsServer own = start(new InetSocketAddress(address, 0), Forwarder.none());
                DatagramSocket client = new DatagramSocket(new InetSocketAddress(address, 0))) {
            client.setSoTimeout(5000);
            client.connect(own.addresses().getFirst());
            for (int i = 0; i < 100; i++) {
                client.send(new DatagramPacket(bytes, bytes.length));
                DatagramPacket answer = new DatagramPacket(new byte[512], 512);
                client.receive(answer);
                Message message = MessageReader.read(answer.getData(), answer.getLength());
                assertThat(message.answers()).hasSize(3);
                first.add(message.answers().getFirst().data());
            }
        }
        assertThat(first).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1"})
    void aFailedStartLeavesNoPortTaken(String address) throws Exception {
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(address, 0));
                DatagramSocket later = new DatagramSocket(new InetSocketAddress("127.0.0.44", 0))) {
            InetSocketAddress taken = (InetSocketAddress) other.getLocalSocketAddress();
            assertThatThrownBy(() -> start(taken, Forwarder.none()))
                    .isInstanceOf(DnsException.class)
                    .hasMessageContaining("port " + taken.getPort());
            assertTcpIsFree(taken);

            InetSocketAddress second = (InetSocketAddress) later.getLocalSocketAddress();
            InetSocketAddress free = new InetSocketAddress(address, second.getPort());
            assertThatThrownBy(() -> DnsServer.start(
                            List.of(free, second), Shop.ZONE, view::get, Forwarder.none(), DnsCounters.none()))
                    .isInstanceOf(DnsException.class)
                    .hasMessageContaining("127.0.0.44 port " + second.getPort());
            assertTcpIsFree(free);
            assertTcpIsFree(second);
            new DatagramSocket(free).close();
        }
    }

    private static void assertTcpIsFree(InetSocketAddress address) {
        assertThatCode(() -> ServerSocketChannel.open().bind(address).close()).doesNotThrowAnyException();
    }
}
