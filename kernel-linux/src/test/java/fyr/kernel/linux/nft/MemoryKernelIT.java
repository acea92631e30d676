package fyr.kernel.linux.nft;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rules remember with real packets: clients and endpoints have a namespace each, and this namespace is the node between them. */
@ExtendWith(NoLeaks.class)
final class MemoryKernelIT {

    private static final int PORT = 80;
    private static final int TARGET = 8080;
    private static final int THREE_HOURS = 10_800;

    private static NetworkNamespace clients = NetworkNamespace.current();
    private static final List<DatagramSocket> SERVERS = new ArrayList<>();

    private final NftTable table = NftTable.open();

    @BeforeAll
    static void world() throws Exception {
        sh("sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1");
        side("mem-c", "10.0.0", "fd00:c::");
        side("mem-b", "10.1.0", "fd00:b::");
        sh("ip -n mem-c addr add 10.0.0.2/24 dev eth0; ip -n mem-c addr add fd00:c::2/64 dev eth0 nodad; "
                + "ip -n mem-b addr add 10.1.0.2/24 dev eth0; ip -n mem-b addr add fd00:b::2/64 dev eth0 nodad");
        clients.close();
        clients = NetworkNamespace.open(Path.of("/run/netns/mem-c"));
        try (NetworkNamespace endpoints = NetworkNamespace.open(Path.of("/run/netns/mem-b"))) {
            for (Family family : Family.values()) {
                serve(endpoints, endpoint(family, 1));
                serve(endpoints, endpoint(family, 2));
            }
        }
    }

    private static void side(String name, String net4, String net6) {
        sh(("ip netns add %1$s; ip link add %1$s type veth peer name eth0 netns %1$s; ip link set %1$s up; "
                        + "ip -n %1$s link set lo up; ip -n %1$s link set eth0 up; "
                        + "ip addr add %2$s.254/24 dev %1$s; ip addr add %3$sfe/64 dev %1$s nodad; "
                        + "ip -n %1$s addr add %2$s.1/24 dev eth0; ip -n %1$s addr add %3$s1/64 dev eth0 nodad; "
                        + "ip -n %1$s route add default via %2$s.254; ip -n %1$s -6 route add default via %3$sfe")
                .formatted(name, net4, net6));
    }

    private static void serve(NetworkNamespace endpoints, IpAddress address) throws Exception {
        InetAddress at = InetAddress.getByAddress(address.toBytes());
        DatagramSocket socket = endpoints.call(() -> new DatagramSocket(TARGET, at));
        SERVERS.add(socket);
        Thread.ofPlatform().daemon().start(() -> {
            while (!socket.isClosed()) {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[200], 200);
                    socket.receive(packet);
                    packet.setData(address.toString().getBytes(StandardCharsets.UTF_8));
                    socket.send(packet);
                } catch (IOException closed) {
                    continue;
                }
            }
        });
    }

    @AfterAll
    static void end() {
        SERVERS.forEach(DatagramSocket::close);
        clients.close();
        // A link goes with its namespace only some time later.
        sh("ip link del mem-c; ip link del mem-b; ip netns del mem-c; ip netns del mem-b");
    }

    @AfterEach
    void close() {
        table.close();
        sh("nft flush ruleset");
    }

    private static IpAddress endpoint(Family family, int number) {
        return IpAddress.parse((family == Family.IPV4 ? "10.1.0." : "fd00:b::") + number);
    }

    private static IpAddress service(Family family) {
        return IpAddress.parse(family == Family.IPV4 ? "10.96.0.1" : "fd00:96::1");
    }

    private static String client(Family family, int number) {
        return (family == Family.IPV4 ? "10.0.0." : "fd00:c::") + number;
    }

    /** A ruleset with these endpoints. */
    private static AffinityRuleset ruleset(Family family, int size, int seconds, int... endpoints) {
        AffinityRuleset ruleset = new AffinityRuleset(family, size, seconds);
        List<IpAddress> addresses = new ArrayList<>();
        for (int number : endpoints) {
            addresses.add(endpoint(family, number));
        }
        ruleset.service(service(family), PORT, addresses, TARGET);
        return ruleset;
    }

    /** The endpoints that answer so many new connections of a client. */
    private static Set<String> ask(Family family, int client, int times) throws Exception {
        Set<String> answers = new HashSet<>();
        InetAddress from = InetAddress.getByName(client(family, client));
        InetAddress to = InetAddress.getByAddress(service(family).toBytes());
        for (int i = 0; i < times; i++) {
            answers.add(clients.call(() -> {
                try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(from, 0))) {
                    socket.setSoTimeout(3000);
                    socket.send(new DatagramPacket(new byte[1], 1, to, PORT));
                    DatagramPacket answer = new DatagramPacket(new byte[200], 200);
                    socket.receive(answer);
                    return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
                }
            }));
        }
        return answers;
    }

    private static String nft(Family family) {
        return sh("nft list map " + NftKey.word(family) + " fyr affinity");
    }

    private void change(AffinityRuleset to) {
        table.apply(Delta.between(table.list(), PersistentMap.of(to.objects)));
        assertThat(table.list()).isEqualTo(to.objects);
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aClientStaysWithItsEndpointAsLongAsTheServiceHasIt(Family family) throws Exception {
        change(ruleset(family, 100, THREE_HOURS, 1, 2));
        Set<String> first = ask(family, 1, 20);
        assertThat(first).hasSize(1);
        assertThat(ask(family, 2, 20)).hasSize(1);
        assertThat(nft(family)).contains("size 100", first.iterator().next());
        int left = first.contains(endpoint(family, 1).toString()) ? 2 : 1;
        change(ruleset(family, 100, THREE_HOURS, left, left));
        assertThat(ask(family, 1, 5)).containsExactly(endpoint(family, left).toString());
        change(ruleset(family, 100, THREE_HOURS, 1, 2));
        assertThat(ask(family, 1, 20))
                .as("what was remembered of the endpoint that was gone is forgotten")
                .containsExactly(endpoint(family, left).toString());
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void whatIsRememberedOutlivesProgramsRulesAndTables(Family family) throws Exception {
        AffinityRuleset ruleset = ruleset(family, 100, THREE_HOURS, 1, 2);
        change(ruleset);
        Set<String> first = ask(family, 1, 1);
        AffinityRuleset shorter = ruleset(family, 100, 60, 1, 2);
        try (NftTable restarted = NftTable.open()) {
            assertThat(restarted.list()).as("it is no part of the plan").isEqualTo(ruleset.objects);
            restarted.apply(Delta.between(ruleset.objects, PersistentMap.of(shorter.objects)));
            assertThat(restarted.list()).isEqualTo(shorter.objects);
            assertThat(nft(family)).contains("timeout 3h", first.iterator().next());
        }
        NftKey chain = new NftKey.ChainKey(family, "own");
        NftHook later = new NftHook(NftHook.Type.FILTER, NftHook.Point.POSTROUTING, 7, false);
        NftObject moved = new NftObject.Chain(Optional.of(later), List.of());
        String before = sh("nft -a list table " + NftKey.word(family) + " fyr | grep 'table.*handle'");
        table.apply(new Delta<>(new TreeMap<>(Map.of(chain, moved)), new TreeSet<>()));
        assertThat(sh("nft -a list table " + NftKey.word(family) + " fyr | grep 'table.*handle'"))
                .as("the table was made anew")
                .isNotEqualTo(before);
        assertThat(nft(family))
                .contains("timeout 3h expires 2h59m", first.iterator().next());
        assertThat(ask(family, 1, 10)).isEqualTo(first);
        assertThat(nft(family))
                .as("the value and its timeout stay, its time begins anew")
                .containsPattern("timeout 3h expires (1m|59s)"); // nothing is said of less than a second
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void aFullMapRemembersNobodyElseUntilSomebodyIsForgotten(Family family) throws Exception {
        change(ruleset(family, 1, 1, 1, 2));
        ask(family, 1, 1);
        ask(family, 2, 5);
        assertThat(nft(family)).contains(client(family, 1) + " .").doesNotContain(client(family, 2) + " .");
        assertThat(sh("nft list chain " + NftKey.word(family) + " fyr postrouting"))
                .as("the rule ends where there is no room")
                .contains("counter packets 1 ");
        for (long end = System.nanoTime() + 10_000_000_000L; System.nanoTime() < end; ) {
            Thread.sleep(200);
            ask(family, 2, 1);
            if (nft(family).contains(client(family, 2) + " .")) {
                return;
            }
        }
        throw new AssertionError("the first client was not forgotten: " + nft(family));
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void nftListsAllOfIt(Family family) throws Exception {
        change(ruleset(family, 100, THREE_HOURS, 1, 2));
        ask(family, 1, 2);
        String ip = NftKey.word(family);
        assertThat(sh("nft list ruleset"))
                .contains("flags dynamic,timeout")
                .contains(
                        "update @affinity { ct original %1$s saddr . ct original %1$s daddr . meta l4proto . ct original proto-dst timeout 3h : 0x00000000 . %1$s daddr } counter packets 2"
                                .formatted(ip))
                .contains(
                        "dnat %1$s to %1$s daddr . meta l4proto . th dport . %1$s saddr map @endpoints comment \"the same endpoint again\""
                                .formatted(ip))
                .contains(
                        "delete @affinity { %1$s saddr . %1$s daddr . meta l4proto . th dport : th dport . %1$s saddr } comment"
                                .formatted(ip))
                .contains("iifname \"\" counter packets 0 ");
        assertThat(sh("nft -j list ruleset 2>/dev/null")).startsWith("{\"nftables\":");
        try (DatagramSocket own = new DatagramSocket()) {
            own.send(new DatagramPacket(new byte[1], 1, InetAddress.getByName(client(family, 1)), 9));
        }
        assertThat(sh("nft list ruleset")).contains("iifname \"\" counter packets 1 ");
    }
}
