package fyr.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.lab.workload.EchoServer;
import fyr.lab.workload.Identity;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Sends packets through a whole world. The JVM has its own namespaces. */
class WorldKernelIT {

    private static final World WORLD = World.build(Topology.of(3, 2));

    @BeforeAll
    static void build() throws Exception {
        Resolver.open(WORLD.outside());
        serve(WORLD.outside(), "outside");
        serve(WORLD.node("node1"), "node1");
        serve(WORLD.node("node2"), "node2");
        serve(WORLD.node("node3"), "node3");
    }

    private static void serve(NetworkNamespace namespace, String name) {
        EchoServer.open(
                namespace,
                new Identity(name, "n", name),
                List.of(new EchoServer.Port(Protocol.TCP, 8080), new EchoServer.Port(Protocol.UDP, 8080)));
    }

    @Test
    void nodesReachEachOtherWithinAndAcrossSubnets() throws Exception {
        for (String address : List.of("172.18.0.13", "fd00:18::d", "172.19.0.12", "fd00:19::c")) {
            String client = address.contains(":") ? "fd00:18::b" : "172.18.0.11";
            assertThat(http(WORLD.node("node1"), address)).contains("\"client\":\"" + client + "\"");
            assertThat(datagram(WORLD.node("node1"), address))
                    .contains("\"client\":\"" + client + "\"")
                    .contains("\"protocol\":\"UDP\"");
        }
    }

    @Test
    void nodesReachTheOutsideAndItsResolver() throws Exception {
        assertThat(http(WORLD.node("node2"), "203.0.113.10"))
                .contains("\"pod\":\"outside\"")
                .contains("172.19.0.12");
        assertThat(http(WORLD.node("node2"), "2001:db8::20")).contains("fd00:19::c");
    }

    /** A connected socket accepts answers only from the address that it asked. */
    @Test
    void everyUdpServerAnswersFromTheAddressThatWasAsked() throws Exception {
        for (IpAddress address : Topology.OUTSIDE) {
            assertThat(datagram(WORLD.node("node1"), address.toString())).contains("\"pod\":\"outside\"");
            assertThat(asked(WORLD.node("node1"), address.toString()))
                    .as("the resolver at " + address)
                    .contains("example");
        }
        // Loopback addresses, and an address that was added after the server started.
        for (String address : List.of("127.0.0.1", "127.1.2.3", "::1", "172.18.0.11")) {
            assertThat(datagram(WORLD.node("node1"), address)).contains("\"pod\":\"node1\"");
        }
        try (Wiring wiring = Wiring.in(WORLD.node("node1"))) {
            wiring.address("lo", IpAddress.parse("192.0.2.1"), 32).address("lo", IpAddress.parse("2001:db8:9::1"), 128);
        }
        for (String address : List.of("192.0.2.1", "2001:db8:9::1")) {
            assertThat(datagram(WORLD.node("node1"), address)).contains("\"client\":\"" + address + "\"");
        }
    }

    private static String asked(NetworkNamespace from, String resolver) throws Exception {
        byte[] question = {
            0, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 0, 1, 0, 1
        };
        return exchange(from, resolver, 53, question);
    }

    @Test
    void aPortThatIsTakenIsSaidAndNothingIsLeftOpen() {
        NetworkNamespace outside = WORLD.outside();
        List<EchoServer.Port> ports =
                List.of(new EchoServer.Port(Protocol.TCP, 9000), new EchoServer.Port(Protocol.TCP, 8080));
        long before = descriptors();
        for (int i = 0; i < 50; i++) {
            assertThatThrownBy(() -> EchoServer.open(outside, new Identity("a", "b", "c"), ports))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("TCP port 8080");
        }
        assertThat(descriptors()).as("the sockets of fifty tries").isLessThan(before + 25);
        EchoServer.open(outside, new Identity("a", "b", "c"), ports.subList(0, 1))
                .close();
    }

    private static long descriptors() {
        return Optional.ofNullable(Path.of("/proc/self/fd").toFile().list()).orElseThrow().length;
    }

    @Test
    void podsHaveNetworksOfTheirOwn() {
        try (NetworkNamespace pod = World.createPod("some-uid")) {
            assertThat(pod.file()).isEqualTo(Path.of("/run/netns/pod-some-uid")).exists();
        }
        World.removePod("some-uid");
        assertThat(World.podFile("some-uid")).doesNotExist();
        World.removePod("some-uid");
    }

    private static String http(NetworkNamespace from, String address) throws Exception {
        try (SocketChannel channel = from.call(() -> SocketChannel.open(new InetSocketAddress(address, 8080)))) {
            String answers = "";
            for (int i = 0; i < 2; i++) { // both requests use one connection
                channel.write(ByteBuffer.wrap("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"
                        .getBytes(StandardCharsets.US_ASCII)));
                ByteBuffer answer = ByteBuffer.allocate(4096);
                channel.read(answer);
                answers = text(answer);
            }
            return answers;
        }
    }

    private static String datagram(NetworkNamespace from, String address) throws Exception {
        return exchange(from, address, 8080, new byte[] {1});
    }

    private static String exchange(NetworkNamespace from, String address, int port, byte[] question) throws Exception {
        try (DatagramChannel channel = from.call(DatagramChannel::open)) {
            channel.connect(new InetSocketAddress(address, port));
            channel.socket().setSoTimeout(2000);
            DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
            for (int attempt = 1; ; attempt++) {
                channel.socket().send(new DatagramPacket(question, question.length));
                try {
                    channel.socket().receive(answer);
                    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
                } catch (SocketTimeoutException lost) {
                    assertThat(attempt)
                            .as(address + " port " + port + " does not answer")
                            .isLessThan(3);
                }
            }
        }
    }

    private static String text(ByteBuffer buffer) {
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
    }
}
