package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.observe.Metrics;
import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.model.address.IpAddress;
import fyr.model.name.DnsView;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cluster DNS on loopback addresses, which every machine has. */
class ClusterDnsTest {

    private static final IpAddress FIRST = IpAddress.parse("127.0.0.41");
    private static final IpAddress SECOND = IpAddress.parse("127.0.0.42");
    private final Metrics metrics = new Metrics();
    private final int port = freePort();
    private final ClusterDns dns = new ClusterDns(Options.of(List.of(), List.of()), metrics, _ -> {}, port);

    @AfterEach
    void stop() {
        dns.close();
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.41"))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Socket connection(IpAddress address) throws IOException {
        Socket socket = new Socket(address.toString(), port);
        socket.setSoTimeout(5000);
        return socket;
    }

    private static Message ask(Socket server, String name, RecordType type) throws IOException {
        Question question = new Question(DnsName.parse(name), type);
        Message query = Message.of(7, Flags.query(false), List.of(question), Optional.empty());
        server.getOutputStream().write(MessageWriter.frame(MessageWriter.write(query, 512)));
        DataInputStream in = new DataInputStream(server.getInputStream());
        byte[] bytes = in.readNBytes(in.readUnsignedShort());
        return MessageReader.read(bytes, bytes.length);
    }

    @Test
    void aPortThatAnotherHasIsTriedAgain() throws Exception {
        try (DatagramSocket other = new DatagramSocket(new InetSocketAddress(FIRST.toString(), port))) {
            assertThat(other.isBound()).isTrue();
            assertThat(dns.serve(List.of(FIRST, SECOND))).isFalse();
            assertThat(dns.readiness())
                    .isInstanceOfSatisfying(
                            Readiness.NotReady.class, it -> assertThat(it.why()).contains("127.0.0.41 port " + port));
            try (Socket second = connection(SECOND)) {
                assertThat(ask(second, "cluster.local", RecordType.A).code())
                        .as("before anything is known")
                        .isEqualTo(ResponseCode.SERVFAIL);
            }
        }
        assertThat(dns.serve(List.of(FIRST, SECOND))).isTrue();
        assertThat(dns.readiness()).isEqualTo(new Readiness.Ready());
        dns.show(DnsView.empty());
        try (Socket first = connection(FIRST)) {
            assertThat(ask(first, "cluster.local", RecordType.SOA).answers()).hasSize(1);
        }
    }

    @Test
    void anAddressThatStaysIsNotDisturbed() throws Exception {
        dns.show(DnsView.empty());
        assertThat(dns.serve(List.of(FIRST))).isTrue();
        try (Socket client = connection(FIRST)) {
            assertThat(ask(client, "ns.dns.cluster.local", RecordType.A).answers())
                    .hasSize(1);
            assertThat(dns.serve(List.of(SECOND, FIRST))).isTrue();
            assertThat(ask(client, "ns.dns.cluster.local", RecordType.A).answers())
                    .as("on the same connection")
                    .hasSize(2);
            assertThat(dns.serve(List.of(SECOND))).isTrue();
            assertThat(client.getInputStream().read()).as("its address is gone").isEqualTo(-1);
        }
        assertThat(dns.serve(List.of(FIRST, SECOND))).as("and back at once").isTrue();
        assertThat(dns.serve(List.of())).isTrue();
        assertThat(dns.readiness()).isEqualTo(new Readiness.Ready());
    }

    @Test
    void anUpstreamThatIsClusterDnsItselfIsNamed() {
        List<InetSocketAddress> upstreams = List.of(new InetSocketAddress(FIRST.toString(), port));
        try (ClusterDns circle = new ClusterDns(Options.of(List.of(), upstreams), metrics, _ -> {}, port)) {
            assertThat(circle.serve(List.of(FIRST))).isFalse();
            assertThat(circle.readiness().toString()).contains("is this cluster DNS itself");
        }
    }

    @Test
    void queriesAreCountedByKind() throws Exception {
        dns.serve(List.of(FIRST));
        dns.show(DnsView.empty());
        try (Socket client = connection(FIRST)) {
            for (int i = 0; i < 3; i++) {
                ask(client, "a.cluster.local", RecordType.A);
                ask(client, "a.cluster.local", new RecordType(1000 + i));
            }
        }
        assertThat(new String(metrics.text(), StandardCharsets.UTF_8))
                .contains("fyr_dns_queries_total{rcode=\"NXDOMAIN\",source=\"cluster\",type=\"A\"} 3.0")
                .contains("fyr_dns_queries_total{rcode=\"NXDOMAIN\",source=\"cluster\",type=\"other\"} 3.0");
    }
}
