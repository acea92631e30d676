package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class AddressTableKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        overlays.close();
    }

    @Test
    void addresses() {
        AddressTable table = new AddressTable(overlays.socket);
        AddressKey four = new AddressKey("fyr-vxlan4", ip("10.244.1.0"));
        AddressKey six = new AddressKey("fyr-vxlan6", ip("fd00:10:244:1::"));
        put(table, Map.of(four, new InterfaceAddress(32), six, new InterfaceAddress(128)));
        assertThat(sh("ip -o addr"))
                .contains("inet 10.244.1.0/32", "inet6 fd00:10:244:1::/128")
                .doesNotContain("tentative");
        assertThat(table.list())
                .isEqualTo(new TreeMap<>(Map.of(four, new InterfaceAddress(32), six, new InterfaceAddress(128))));
        put(table, Map.of(four, new InterfaceAddress(24), six, new InterfaceAddress(64)));
        assertThat(table.list())
                .isEqualTo(new TreeMap<>(Map.of(four, new InterfaceAddress(24), six, new InterfaceAddress(64))));
        sh("ip addr add 10.244.1.0/30 dev fyr-vxlan4");
        assertThat(table.list().get(four)).isEqualTo(new InterfaceAddress(-1));
        put(table, Map.of(four, new InterfaceAddress(24)));
        assertThat(table.list()).containsEntry(four, new InterfaceAddress(24));
        remove(table, Set.of(four, six, new AddressKey("fyr-absent", ip("10.0.0.1"))));
        assertThat(table.list()).isEmpty();
    }

    @Test
    void anAddressOnAForeignLinkIsKnownByItsProtocolNumber() {
        AddressKey dns = new AddressKey("lo", ip("10.96.0.10"));
        AddressKey dnsSix = new AddressKey("lo", ip("fd00:10:96::a"));
        sh("ip address add 10.9.9.9/32 dev lo");
        put(
                new AddressTable(overlays.socket),
                Map.of(dns, new InterfaceAddress(32), dnsSix, new InterfaceAddress(128)));
        AddressTable afterRestart = new AddressTable(overlays.socket);
        assertThat(afterRestart.list()).containsOnlyKeys(dns, dnsSix);
        remove(afterRestart, Set.of(dns, dnsSix));
        assertThat(afterRestart.list()).isEmpty();
        assertThat(sh("ip address show dev lo")).contains("10.9.9.9/32").doesNotContain("10.96.0.10");
        sh("ip address del 10.9.9.9/32 dev lo");
    }

    @Test
    void anAddressOfSomebodyElseIsRefusedAndStays() {
        AddressTable table = new AddressTable(overlays.socket);
        for (String address : List.of("10.96.0.10/32", "fd00:10:96::a/128")) {
            IpAddress dns = ip(address.substring(0, address.indexOf('/')));
            AddressKey key = new AddressKey("lo", dns);
            int length = dns.family().bits();
            sh("ip address add " + address + " dev lo");
            String before = sh("ip -o address show dev lo");
            assertThatThrownBy(() -> put(table, Map.of(key, new InterfaceAddress(length, false))))
                    .hasMessage("RTM_NEWADDR " + dns + " dev lo: the link has it from somebody else; remove it there");
            remove(table, Set.of(key));
            assertThat(sh("ip -o address show dev lo")).isEqualTo(before);
            sh("ip address del " + address + " dev lo");
        }
        // IPv4 accepts the same address twice if the prefix lengths differ.
        sh("ip address add 10.96.0.10/24 dev lo");
        AddressKey key = new AddressKey("lo", ip("10.96.0.10"));
        put(table, Map.of(key, new InterfaceAddress(32, false)));
        assertThat(table.list()).isEqualTo(new TreeMap<>(Map.of(key, new InterfaceAddress(32, false))));
        remove(table, Set.of(key));
        assertThat(sh("ip address show dev lo")).contains("10.96.0.10/24").doesNotContain("10.96.0.10/32");
        sh("ip address del 10.96.0.10/24 dev lo");
    }

    /** A pod's link has no address, so the kernel would send to the pod from the first address of the first link. */
    @Test
    void whatIsOnlyListenedAtIsNoSource() {
        AddressTable table = new AddressTable(overlays.socket);
        AddressKey dns = new AddressKey("lo", ip("10.96.0.10"));
        AddressKey dnsSix = new AddressKey("lo", ip("fd00:10:96::a"));
        AddressKey node = new AddressKey("fyr-vxlan4", ip("172.18.0.11"));
        AddressKey nodeSix = new AddressKey("fyr-vxlan4", ip("fd00:18::b"));
        Map<AddressKey, InterfaceAddress> nodes =
                Map.of(node, new InterfaceAddress(32), nodeSix, new InterfaceAddress(128));
        sh(
                "ip link add pod type veth peer name inside && ip link set pod up && ip link set inside up && ip link set fyr-vxlan4 up");
        try {
            put(table, nodes);
            put(table, Map.of(dns, new InterfaceAddress(32), dnsSix, new InterfaceAddress(128)));
            sh("ip route add 10.244.1.5 dev pod && ip -6 route add fd00:10:244:1::5 dev pod");
            assertThat(sh("ip route get 10.244.1.5; ip -6 route get fd00:10:244:1::5"))
                    .contains("src 10.96.0.10", "src fd00:10:96::a");
            Map<AddressKey, InterfaceAddress> listened =
                    Map.of(dns, new InterfaceAddress(32, false), dnsSix, new InterfaceAddress(128, false));
            put(table, listened);
            assertThat(table.list()).containsAllEntriesOf(listened).containsAllEntriesOf(nodes);
            assertThat(sh("ip route get 10.244.1.5; ip -6 route get fd00:10:244:1::5"))
                    .contains("src 172.18.0.11", "src fd00:18::b");
        } finally {
            sh("ip link del pod");
            remove(table, Set.of(dns, dnsSix, node, nodeSix));
        }
    }

    /** Cluster DNS on {@code lo} does not wait for the tunnel. */
    @Test
    void anAbsentLinkHoldsBackNoOthers() {
        AddressTable table = new AddressTable(overlays.socket);
        AddressKey dns = new AddressKey("lo", ip("10.96.0.10"));
        AddressKey tunnel = new AddressKey("fyr-absent", ip("10.244.1.0"));
        assertThatThrownBy(() -> put(table, Map.of(tunnel, new InterfaceAddress(32), dns, new InterfaceAddress(32))))
                .hasMessage("RTM_NEWADDR 10.244.1.0 dev fyr-absent: there is no link fyr-absent");
        assertThat(table.list()).containsOnlyKeys(dns);
        remove(table, Set.of(dns));
    }
}
