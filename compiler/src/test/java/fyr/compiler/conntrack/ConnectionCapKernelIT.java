package fyr.compiler.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The limit of a pod's connections, with real packets of pods, of a tunnel and of a host. */
class ConnectionCapKernelIT {

    /** In milliseconds: for a datagram that must come, and for one that must not. */
    private static final int PATIENCE = 10_000;

    private static final int SILENCE = 300;
    private static final int MOST = 5;

    private LinuxKernel kernel;

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    /** A neighbour of the node, and the link to it. */
    private enum Host {
        POD("fyr00000001"),
        ANOTHER_POD("fyr00000002"),
        BEHIND_THE_TUNNEL("fyr-vxlan"),
        OTHER("eth5");

        private final String link;

        Host(String link) {
            this.link = link;
        }

        IpAddress address(Family family, int host) {
            return IpAddress.parse(
                    switch (family) {
                        case IPV4 -> "192.168." + (ordinal() + 1) + "." + host;
                        case IPV6 -> "fd00:168:" + (ordinal() + 1) + "::" + host;
                    });
        }

        Path file() {
            return Path.of("/run/netns/cap-" + ordinal());
        }
    }

    @BeforeEach
    void node() throws Exception {
        kernel = LinuxKernel.open();
        for (Host host : Host.values()) {
            try (NetworkNamespace there = NetworkNamespace.create(host.file());
                    NetworkNamespace here = NetworkNamespace.current();
                    Wiring node = Wiring.in(here);
                    Wiring far = Wiring.in(there)) {
                node.cable(host.link, "eth0", there, 1500);
                far.up("lo").up("eth0");
                for (Family family : Family.values()) {
                    int length = family == Family.IPV4 ? 24 : 64;
                    node.address(host.link, host.address(family, 1), length);
                    far.address("eth0", host.address(family, 2), length);
                }
            }
        }
        apply(OptionalInt.of(MOST));
    }

    private void apply(OptionalInt cap) {
        Map<NftKey, NftObject> rules = new TreeMap<>(ConnectionCap.of(cap));
        for (Family family : Family.values()) {
            rules.put(new NftKey.TableKey(family), new NftObject.Table());
        }
        kernel.table(Tables.NFT).apply(Delta.between(PersistentMap.empty(), PersistentMap.of(rules)));
    }

    @AfterEach
    void away() throws Exception {
        kernel.table(Tables.NFT)
                .apply(new Delta<>(
                        new TreeMap<>(),
                        new TreeSet<>(kernel.table(Tables.NFT).list().keySet())));
        kernel.close();
        for (Host host : Host.values()) {
            new ProcessBuilder("ip", "link", "del", host.link).start().waitFor();
            NetworkNamespace.delete(host.file());
        }
    }

    /** Clients of one host, each with a connection of its own. */
    private static final class Clients implements AutoCloseable {

        private final DatagramSocket server;
        private final List<DatagramSocket> clients = new ArrayList<>();

        Clients(Host host, Family family, int count) throws Exception {
            server = new DatagramSocket(
                    0, InetAddress.getByName(host.address(family, 1).toString()));
            try (NetworkNamespace there = NetworkNamespace.open(host.file())) {
                there.call(() -> {
                    for (int i = 0; i < count; i++) {
                        clients.add(new DatagramSocket());
                    }
                    return count;
                });
            }
        }

        /** How many of them are heard when each sends a datagram; so many are waited for. */
        int heard(int expected) throws IOException {
            for (DatagramSocket client : clients) {
                client.send(new DatagramPacket(new byte[1], 1, server.getLocalSocketAddress()));
            }
            int heard = 0;
            try {
                while (true) {
                    server.setSoTimeout(heard < expected ? PATIENCE : SILENCE);
                    server.receive(new DatagramPacket(new byte[1], 1));
                    heard++;
                }
            } catch (SocketTimeoutException silence) {
                return heard;
            }
        }

        @Override
        public void close() {
            server.close();
            clients.forEach(DatagramSocket::close);
        }
    }

    private Map<String, Long> dropped(Family family) {
        Map<String, Long> dropped = new HashMap<>();
        kernel.meters()
                .counts(ConnectionCap.meter(family))
                .forEach((key, count) -> dropped.put(ConnectionCap.link(key), count));
        return dropped;
    }

    @ParameterizedTest
    @EnumSource
    void aPodHasSoManyConnectionsAndNobodyElseIsLimited(Family family) throws Exception {
        try (Clients pod = new Clients(Host.POD, family, 12);
                Clients tunnel = new Clients(Host.BEHIND_THE_TUNNEL, family, 12);
                Clients other = new Clients(Host.OTHER, family, 12);
                Clients another = new Clients(Host.ANOTHER_POD, family, MOST)) {
            assertThat(pod.heard(MOST)).isEqualTo(MOST);
            assertThat(dropped(family)).containsEntry(Host.POD.link, 12L - MOST);
            assertThat(pod.heard(MOST))
                    .as("the connections that are there go on")
                    .isEqualTo(MOST);
            assertThat(another.heard(MOST)).isEqualTo(MOST);
            assertThat(tunnel.heard(12)).isEqualTo(12);
            assertThat(other.heard(12)).isEqualTo(12);
            assertThat(dropped(family))
                    .containsOnlyKeys(Host.POD.link, Host.ANOTHER_POD.link)
                    .containsEntry(Host.ANOTHER_POD.link, 0L);
            kernel.conntrack().delete(17, _ -> true);
            assertThat(pod.heard(MOST))
                    .as("others may begin when some have ended")
                    .isEqualTo(MOST);
        }
    }

    @Test
    void withoutTheOptionThereIsNoRule() {
        assertThat(ConnectionCap.of(OptionalInt.empty())).isEmpty();
    }
}
