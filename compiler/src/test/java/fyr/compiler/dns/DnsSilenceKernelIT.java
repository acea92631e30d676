package fyr.compiler.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What clients hear from an address of cluster DNS at which nobody listens. */
class DnsSilenceKernelIT {

    private static final int PATIENCE = 300; // milliseconds; an error comes at once

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own tables are nobody's to test with.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    @Test
    void onlyPort53IsSilent() throws Exception {
        List<IpAddress> dns = List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00:10:96::a"));
        PersistentMap<NftKey, NftObject> rules = PersistentMap.of(DnsSilence.of(dns));
        PersistentMap<AddressKey, InterfaceAddress> addresses = PersistentMap.empty();
        for (IpAddress address : dns) {
            rules = rules.with(new NftKey.TableKey(address.family()), new NftObject.Table());
            addresses = addresses.with(
                    new AddressKey("lo", address),
                    new InterfaceAddress(address.family().bits(), false));
        }
        try (LinuxKernel kernel = LinuxKernel.open()) {
            kernel.table(Tables.ADDRESSES).apply(Delta.between(PersistentMap.empty(), addresses));
            assertThatThrownBy(() -> query("10.96.0.10", 53))
                    .as("without the rules")
                    .isInstanceOf(PortUnreachableException.class);
            kernel.table(Tables.NFT).apply(Delta.between(PersistentMap.empty(), rules));
            for (String address : List.of("10.96.0.10", "fd00:10:96::a")) {
                assertThatThrownBy(() -> query(address, 53)).isInstanceOf(SocketTimeoutException.class);
                assertThatThrownBy(() -> query(address, 54)).isInstanceOf(PortUnreachableException.class);
                assertThatThrownBy(() -> connect(address, 53)).isInstanceOf(SocketTimeoutException.class);
                assertThatThrownBy(() -> connect(address, 9153)).isInstanceOf(ConnectException.class);
            }
            kernel.table(Tables.NFT).apply(Delta.between(rules, PersistentMap.empty()));
            kernel.table(Tables.ADDRESSES).apply(Delta.between(addresses, PersistentMap.empty()));
        }
    }

    private static void query(String address, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(address), port);
            socket.setSoTimeout(PATIENCE);
            socket.send(new DatagramPacket(new byte[12], 12));
            socket.receive(new DatagramPacket(new byte[512], 512));
        }
    }

    private static void connect(String address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), PATIENCE);
        }
    }
}
