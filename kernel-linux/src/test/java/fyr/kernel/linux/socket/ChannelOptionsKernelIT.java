package fyr.kernel.linux.socket;

import static fyr.kernel.linux.Witness.sh;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.model.address.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kernel's counters (nstat) are the witness of why it dropped something. Each case is an address of the peers and the family of the sockets. */
@ExtendWith(NoLeaks.class)
final class ChannelOptionsKernelIT {

    /** How long a connection that must not come about is tried, in milliseconds: one SYN, which loopback delivers at once. */
    private static final int PATIENCE = 300;

    private static byte[] bytes(String password) {
        return password.getBytes(US_ASCII);
    }

    private static InetSocketAddress any(String address) throws IOException {
        return new InetSocketAddress(InetAddress.getByName(address), 0);
    }

    private static ServerSocketChannel listener(String address, ProtocolFamily family) throws IOException {
        return ServerSocketChannel.open(family).bind(any(address));
    }

    private static SocketChannel client(String address, ProtocolFamily family) throws IOException {
        return SocketChannel.open(family).bind(any(address));
    }

    private static void connect(SocketChannel client, ServerSocketChannel to) throws IOException {
        client.socket().connect(to.getLocalAddress(), PATIENCE);
    }

    private static void assertExchange(SocketChannel client, ServerSocketChannel listener) throws IOException {
        connect(client, listener);
        try (SocketChannel accepted = listener.accept()) {
            client.write(ByteBuffer.wrap(bytes("x")));
            assertThat(accepted.read(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    private static void assertDropped(String counter, SocketChannel client, ServerSocketChannel to) {
        long before = counted(counter);
        assertThatThrownBy(() -> connect(client, to)).isInstanceOf(SocketTimeoutException.class);
        assertThat(counted(counter)).isGreaterThan(before);
    }

    private static long counted(String counter) {
        String line = sh("nstat -asz " + counter).lines().reduce("", (_, last) -> last);
        return Long.parseLong(line.split(" +")[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1/32, INET",
        "127.0.0.1, 127.0.0.0/24, INET",
        "127.0.0.1, 127.0.0.1/32, INET6",
        "127.0.0.1, 127.0.0.0/24, INET6",
        "127.0.0.1, 0.0.0.0/0, INET6",
        "::1, ::1/128, INET6",
        "::1, ::/64, INET6",
        "::1, ::/0, INET6"
    })
    void theSamePasswordConnects(String address, Prefix peers, StandardProtocolFamily family) throws IOException {
        try (ServerSocketChannel listener = listener(address, family);
                SocketChannel same = client(address, family);
                SocketChannel other = client(address, family);
                SocketChannel none = client(address, family)) {
            ChannelOptions.sign(listener, peers, bytes("secret"));
            ChannelOptions.sign(same, peers, bytes("secret"));
            ChannelOptions.sign(other, peers, bytes("secreT"));
            assertExchange(same, listener);
            assertDropped("TcpExtTCPMD5Failure", other, listener);
            assertDropped("TcpExtTCPMD5NotFound", none, listener);
        }
    }

    @Test
    void theLastPasswordCountsAndCanBeTakenAway() throws IOException {
        Prefix peer = Prefix.parse("127.0.0.1/32");
        try (ServerSocketChannel listener = listener("127.0.0.1", StandardProtocolFamily.INET6);
                SocketChannel second = client("127.0.0.1", StandardProtocolFamily.INET6);
                SocketChannel none = client("127.0.0.1", StandardProtocolFamily.INET6)) {
            ChannelOptions.unsign(listener, peer);
            ChannelOptions.sign(listener, peer, bytes("first"));
            ChannelOptions.sign(listener, peer, bytes("second"));
            ChannelOptions.sign(second, peer, bytes("second"));
            assertExchange(second, listener);
            ChannelOptions.unsign(listener, peer);
            assertExchange(none, listener);
        }
    }

    @Test
    void whatCannotBeIsRefused() throws IOException {
        try (ServerSocketChannel listener = listener("127.0.0.1", StandardProtocolFamily.INET);
                DatagramChannel datagrams =
                        DatagramChannel.open(StandardProtocolFamily.INET).bind(any("127.0.0.1"))) {
            assertThatThrownBy(() -> ChannelOptions.sign(listener, Prefix.parse("::1/128"), bytes("secret")))
                    .isInstanceOf(KernelException.class)
                    .hasMessageContaining("one of IPv4");
            assertThatThrownBy(() -> ChannelOptions.sign(listener, Prefix.parse("127.0.0.1/32"), new byte[81]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> ChannelOptions.sendWithHops(listener, 256)).isInstanceOf(KernelException.class);
            assertThatThrownBy(() -> ChannelOptions.dropBelowHops(datagrams, 255))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, INET", "127.0.0.1, INET6", "::1, INET6"})
    void connectionsFromFarAwayAreDropped(String address, StandardProtocolFamily family) throws IOException {
        try (ServerSocketChannel listener = listener(address, family);
                SocketChannel near = client(address, family);
                SocketChannel far = client(address, family)) {
            ChannelOptions.sendWithHops(listener, 255);
            ChannelOptions.dropBelowHops(listener, 255);
            ChannelOptions.sendWithHops(near, 255);
            ChannelOptions.dropBelowHops(near, 255);
            ChannelOptions.sendWithHops(far, 64);
            assertExchange(near, listener);
            assertDropped("TcpExtTCPMinTTLDrop", far, listener);
        }
    }

    /** A peer that is far away when the connection exists already: the options of the listener are those of the connection. */
    @Test
    void anAcceptedConnectionHasTheOptionsOfTheListener() throws IOException {
        try (ServerSocketChannel listener = listener("127.0.0.1", StandardProtocolFamily.INET6);
                SocketChannel client = client("127.0.0.1", StandardProtocolFamily.INET6)) {
            ChannelOptions.dropBelowHops(listener, 255);
            ChannelOptions.sendWithHops(client, 255);
            connect(client, listener);
            try (SocketChannel accepted = listener.accept()) {
                ChannelOptions.sendWithHops(client, 64);
                long before = counted("TcpExtTCPMinTTLDrop");
                client.write(ByteBuffer.wrap(bytes("x")));
                accepted.configureBlocking(false);
                assertThat(accepted.read(ByteBuffer.allocate(1))).isZero();
                assertThat(counted("TcpExtTCPMinTTLDrop")).isGreaterThan(before);
                ChannelOptions.dropBelowHops(accepted, 64);
                accepted.configureBlocking(true);
                assertThat(accepted.read(ByteBuffer.allocate(1))).isEqualTo(1); // sent again
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1, INET",
        "127.0.0.1, 127.0.0.1, INET6",
        "::, 127.0.0.1, INET6",
        "::, ::1, INET6",
        "::1, ::1, INET6"
    })
    void datagramsWithAnotherHopLimitAreDropped(String bound, String address, StandardProtocolFamily family)
            throws IOException {
        try (DatagramChannel receiver = DatagramChannel.open(family).bind(any(bound));
                DatagramChannel sender = DatagramChannel.open(family).bind(any(address))) {
            ChannelOptions.dropOtherHops(receiver, 255);
            InetSocketAddress to = new InetSocketAddress(
                    InetAddress.getByName(address), ((InetSocketAddress) receiver.getLocalAddress()).getPort());
            for (int hops : new int[] {64, 1, 254, 255}) {
                ChannelOptions.sendWithHops(sender, hops);
                sender.send(ByteBuffer.wrap(new byte[] {(byte) hops}), to);
            }
            receiver.configureBlocking(false);
            ByteBuffer received = ByteBuffer.allocate(10);
            while (receiver.receive(received) != null) {
                // Loopback has delivered what it delivers.
            }
            assertThat(received.position()).isEqualTo(1);
            assertThat(received.get(0)).isEqualTo((byte) 255);
        }
    }
}
