package fyr.kernel.linux.socket;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.BorrowedSocket;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A descriptor is right if only it can be the channel's: it goes when the channel is closed, and no other channel has it. */
@ExtendWith(NoLeaks.class)
final class ChannelSocketKernelIT {

    private static final List<String> ADDRESSES = List.of("127.0.0.1", "0.0.0.0", "::", "::1");

    private final List<NetworkChannel> channels = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (NetworkChannel channel : channels) {
            channel.close();
        }
    }

    private <T extends NetworkChannel> T add(T channel, String address) throws IOException {
        channels.add(channel);
        channel.bind(new InetSocketAddress(InetAddress.getByName(address), 0));
        return channel;
    }

    private void assertEachHasItsOwn() throws IOException {
        Set<BorrowedSocket> found = new HashSet<>();
        for (NetworkChannel channel : channels) {
            assertThat(found.add(ChannelSocket.of(channel))).as("%s", channel).isTrue();
        }
        for (NetworkChannel channel : channels) {
            BorrowedSocket socket = ChannelSocket.of(channel);
            assertThat(socket.name()).isPresent();
            channel.close();
            assertThat(socket.name()).as("%s", channel).isEmpty();
        }
    }

    @Test
    void channelsOfEachKindAndAddress() throws IOException {
        for (String address : ADDRESSES) {
            add(ServerSocketChannel.open(), address);
            add(SocketChannel.open(), address);
            add(DatagramChannel.open(), address);
        }
        for (String address : ADDRESSES.subList(0, 2)) {
            add(ServerSocketChannel.open(StandardProtocolFamily.INET), address);
            add(SocketChannel.open(StandardProtocolFamily.INET), address);
            add(DatagramChannel.open(StandardProtocolFamily.INET), address);
        }
        assertEachHasItsOwn();
    }

    @Test
    void connectionsAtOnePortAreToldApartByTheirPeers() throws IOException {
        for (String address : List.of("127.0.0.1", "::1")) {
            ServerSocketChannel listener = add(ServerSocketChannel.open(), address);
            for (int i = 0; i < 3; i++) {
                channels.add(SocketChannel.open(listener.getLocalAddress()));
                channels.add(listener.accept());
            }
        }
        DatagramChannel connected = add(DatagramChannel.open(), "127.0.0.1");
        connected.connect(new InetSocketAddress("127.0.0.1", 9));
        assertEachHasItsOwn();
    }

    @Test
    void linkLocalAddressesOfTwoLinks() throws IOException {
        sh("ip link add left0 type veth peer name right0");
        try {
            sh("ip addr add fe80::77/64 dev left0 nodad; ip addr add fe80::77/64 dev right0 nodad");
            sh("ip link set left0 up; ip link set right0 up");
            DatagramChannel left = add(DatagramChannel.open(), "fe80::77%left0");
            DatagramChannel right = DatagramChannel.open();
            channels.add(right);
            int port = ((InetSocketAddress) left.getLocalAddress()).getPort();
            right.bind(new InetSocketAddress(InetAddress.getByName("fe80::77%right0"), port));
            assertEachHasItsOwn();
        } finally {
            sh("ip link del left0");
        }
    }

    @Test
    void theSameAddressInTwoNamespaces() throws Exception {
        Path file = Path.of("/run/netns/other");
        try (NetworkNamespace other = NetworkNamespace.create(file)) {
            DatagramChannel here = add(DatagramChannel.open(), "::");
            DatagramChannel there = other.call(() -> {
                DatagramChannel channel = DatagramChannel.open();
                channels.add(channel);
                return channel.bind(here.getLocalAddress());
            });
            BorrowedSocket socket = ChannelSocket.of(here);
            assertThat(other.call(() -> ChannelSocket.of(there))).isNotEqualTo(socket);
            here.close();
            assertThat(socket.name()).isEmpty();
        } finally {
            NetworkNamespace.delete(file);
        }
    }

    @Test
    void channelsWithoutASocketOfTheirOwnAreRefused() throws IOException {
        try (DatagramChannel unbound = DatagramChannel.open()) {
            assertThatThrownBy(() -> ChannelSocket.of(unbound))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not bound: ");
        }
        ServerSocketChannel listener = add(ServerSocketChannel.open(), "127.0.0.1");
        SocketChannel connection = SocketChannel.open(listener.getLocalAddress());
        channels.add(connection);
        SocketChannel accepted = listener.accept();
        accepted.setOption(java.net.StandardSocketOptions.SO_LINGER, 0);
        accepted.close(); // resets the connection, which then has no peer
        assertThatThrownBy(() -> ChannelSocket.of(connection))
                .isInstanceOf(KernelException.class)
                .hasMessageEndingWith("has no descriptor");
    }
}
