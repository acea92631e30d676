package fyr.compiler.dns;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who gets answers at an address of cluster DNS, with real packets of both families and transports. */
class DnsAccessKernelIT {

    private static final List<IpAddress> DNS = List.of(IpAddress.parse("10.96.0.10"), IpAddress.parse("fd00:10:96::a"));
    private static final int PATIENCE = 400; // milliseconds; an answer comes at once

    private final List<AutoCloseable> open = new ArrayList<>();
    private LinuxKernel kernel;

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    /** A neighbour of the node: who it is, how it is connected, and what address it has. */
    private enum Host {
        POD("fyr00000001", "1"),
        OTHER("eth5", "2"),
        BEHIND_THE_TUNNEL("fyr-vxlan", "3"),
        ALLOWED("eth6", "4");

        private final String link;
        private final String number;

        Host(String link, String number) {
            this.link = link;
            this.number = number;
        }

        List<IpAddress> addresses(String host) {
            return List.of(
                    IpAddress.parse("192.168." + number + "." + host),
                    IpAddress.parse("fd00:168:" + number + "::" + host));
        }

        Path file() {
            return Path.of("/run/netns/dns-" + number);
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
                host.addresses("1").forEach(address -> node.address(host.link, address, length(address)));
                host.addresses("2").forEach(address -> far.address("eth0", address, length(address)));
                DNS.forEach(dns ->
                        far.route(Prefix.single(dns), host.addresses("1").get(dns.family() == Family.IPV4 ? 0 : 1)));
            }
        }
        PersistentMap<AddressKey, InterfaceAddress> addresses = PersistentMap.empty();
        for (IpAddress address : DNS) {
            addresses = addresses.with(
                    new AddressKey("lo", address),
                    new InterfaceAddress(address.family().bits(), false));
        }
        kernel.table(Tables.ADDRESSES).apply(Delta.between(PersistentMap.empty(), addresses));
        for (IpAddress address : DNS) {
            for (int port : new int[] {53, 54}) {
                answer(address, port);
            }
        }
    }

    private static int length(IpAddress address) {
        return address.family() == Family.IPV4 ? 24 : 64;
    }

    private void answer(IpAddress address, int port) throws IOException {
        InetAddress at = InetAddress.getByName(address.toString());
        DatagramSocket datagrams = new DatagramSocket(port, at);
        ServerSocket connections = new ServerSocket(port, 8, at);
        open.add(datagrams);
        open.add(connections);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    DatagramPacket packet = new DatagramPacket(new byte[100], 100);
                    datagrams.receive(packet);
                    datagrams.send(packet);
                }
            } catch (IOException closed) {
                return;
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    try (Socket client = connections.accept()) {
                        client.getOutputStream().write("hello".getBytes(US_ASCII));
                    }
                }
            } catch (IOException closed) {
                return;
            }
        });
    }

    @AfterEach
    void away() throws Exception {
        for (AutoCloseable socket : open) {
            socket.close();
        }
        kernel.table(Tables.NFT)
                .apply(new Delta<>(
                        new java.util.TreeMap<>(),
                        new java.util.TreeSet<>(kernel.table(Tables.NFT).list().keySet())));
        kernel.table(Tables.ADDRESSES)
                .apply(new Delta<>(
                        new java.util.TreeMap<>(),
                        new java.util.TreeSet<>(
                                kernel.table(Tables.ADDRESSES).list().keySet())));
        kernel.close();
        for (Host host : Host.values()) {
            run("ip", "link", "del", host.link);
            NetworkNamespace.delete(host.file());
        }
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private void restrict(List<Prefix> clients) {
        Map<NftKey, NftObject> rules = DnsAccess.of(DNS, clients);
        rules.putAll(DnsLimit.of(DNS));
        for (Family family : Family.values()) {
            rules.put(new NftKey.TableKey(family), new NftObject.Table());
        }
        kernel.table(Tables.NFT).apply(Delta.between(PersistentMap.empty(), PersistentMap.of(rules)));
    }

    /** What is answered: "udp 10.96.0.10:53" and the like. */
    private static List<String> heard(Host host) throws Exception {
        try (NetworkNamespace there = NetworkNamespace.open(host.file())) {
            return there.call(DnsAccessKernelIT::heard);
        }
    }

    private static List<String> heard() throws IOException {
        List<String> heard = new ArrayList<>();
        for (IpAddress address : DNS) {
            for (int port : new int[] {53, 54}) {
                if (udp(address, port)) {
                    heard.add("udp " + address + " " + port);
                }
                if (tcp(address, port)) {
                    heard.add("tcp " + address + " " + port);
                }
            }
        }
        return heard;
    }

    private static boolean udp(IpAddress address, int port) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(InetAddress.getByName(address.toString()), port);
            socket.setSoTimeout(PATIENCE);
            socket.send(new DatagramPacket(new byte[12], 12));
            socket.receive(new DatagramPacket(new byte[512], 512));
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    private static boolean tcp(IpAddress address, int port) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.toString(), port), PATIENCE);
            socket.setSoTimeout(PATIENCE);
            return socket.getInputStream().read() == 'h';
        } catch (SocketTimeoutException silence) {
            return false;
        }
    }

    @Test
    void podsAndTheNodeAreHeardAndNobodyElse() throws Exception {
        assertThat(heard(Host.OTHER)).as("without the rules").hasSize(8);
        restrict(List.of());
        assertThat(heard(Host.POD)).hasSize(8);
        assertThat(heard()).as("the node itself").hasSize(8);
        List<String> otherPorts =
                List.of("udp 10.96.0.10 54", "tcp 10.96.0.10 54", "udp fd00:10:96::a 54", "tcp fd00:10:96::a 54");
        assertThat(heard(Host.OTHER)).isEqualTo(otherPorts);
        assertThat(heard(Host.BEHIND_THE_TUNNEL)).isEqualTo(otherPorts);
        assertThat(heard(Host.ALLOWED)).isEqualTo(otherPorts);
    }

    @Test
    void whoIsConfiguredIsHeard() throws Exception {
        restrict(List.of(Prefix.parse("192.168.4.2/31"), Prefix.parse("fd00:168:4::/48")));
        assertThat(heard(Host.ALLOWED)).hasSize(8);
        assertThat(heard(Host.OTHER)).hasSize(4);
    }

    /** The room for those who ask is bounded: nobody else takes any, whatever addresses he makes up. */
    @Test
    void whoMayNotAskIsNotCounted() throws Exception {
        restrict(List.of(Prefix.parse("192.168.4.0/24"), Prefix.parse("fd00:168:4::/48")));
        for (Host host : Host.values()) {
            assertThat(heard(host)).isNotEmpty();
        }
        assertThat(run("nft", "list", "set", "ip", "fyr", "dns-rates"))
                .contains("192.168.1.2", "192.168.4.2")
                .doesNotContain("192.168.2.2", "192.168.3.2");
        assertThat(run("nft", "list", "set", "ip6", "fyr", "dns-rates"))
                .contains("fd00:168:1::2", "fd00:168:4::2")
                .doesNotContain("fd00:168:2::2", "fd00:168:3::2");
    }

    @Test
    void theListingShowsTheRules() throws Exception {
        restrict(List.of(Prefix.parse("192.168.4.0/24")));
        String listing = run("nft", "list", "chain", "ip", "fyr", "dns-clients");
        assertThat(listing)
                .contains("iifname \"lo\"", "iifname \"fyr*\"", "192.168.4.0/24", "counter packets 0 bytes 0 drop");
    }
}
