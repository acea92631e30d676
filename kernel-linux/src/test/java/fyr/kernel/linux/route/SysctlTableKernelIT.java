package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.link.SysctlKey;
import fyr.kernel.link.UntrustedLink;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.model.address.Family;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class SysctlTableKernelIT {
    @Test
    void settings() {
        try (NetworkNamespace here = NetworkNamespace.current();
                NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            SysctlTable table = SysctlTable.ofTheNode(socket, here);
            SysctlKey forward = new SysctlKey("net/ipv4/ip_forward");
            SysctlKey ports = new SysctlKey("net/ipv4/ip_local_port_range");
            assertThat(table.list()).isEmpty();
            put(table, Map.of(forward, "1", ports, "20000 30000"));
            assertThat(table.list()).isEqualTo(new TreeMap<>(Map.of(forward, "1", ports, "20000 30000")));
            assertThat(sh("cat /proc/sys/net/ipv4/ip_forward")).isEqualTo("1\n");
            remove(table, Set.of(ports));
            assertThat(table.list()).containsOnlyKeys(forward);
            SysctlKey absent = new SysctlKey("net/ipv4/no_such");
            assertThatThrownBy(() -> put(table, Map.of(absent, "1", ports, "20000 40000")))
                    .hasMessage("open /proc/sys/net/ipv4/no_such: ENOENT");
            assertThat(table.list()).containsEntry(ports, "20000 40000");
        }
    }

    /** Each is found at its place in what the kernel reports with the link, and no other setting is taken for it. */
    @Test
    void settingsOfLinksAsTheirFilesSayThem() {
        sh("ip link add one type veth peer name two");
        try (NetworkNamespace here = NetworkNamespace.current();
                NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            SysctlTable table = SysctlTable.ofTheNode(socket, here);
            SortedMap<SysctlKey, String> wanted = new TreeMap<>();
            for (String link : List.of("one", "two")) {
                wanted.putAll(UntrustedLink.settingsOfTunnel(link));
                wanted.putAll(UntrustedLink.settingsWithIpv6(link));
            }
            put(table, wanted);
            assertThat(table.list()).isEqualTo(wanted);
            for (SysctlKey key : wanted.keySet()) {
                sh("echo 1 > /proc/sys/" + key);
                SortedMap<SysctlKey, String> changed = new TreeMap<>(wanted);
                changed.put(key, "1");
                assertThat(table.list()).isEqualTo(changed);
                sh("echo " + wanted.get(key) + " > /proc/sys/" + key);
            }
            SysctlKey forwarding = SysctlKey.ofLink(Family.IPV4, "one", "forwarding");
            put(table, Map.of(forwarding, "1")); // in no array that is read
            assertThat(table.list()).containsEntry(forwarding, "1").hasSize(wanted.size() + 1);
            sh("echo 0 > /proc/sys/" + forwarding);
            assertThat(table.list()).containsEntry(forwarding, "0");
            remove(table, Set.of(forwarding));
            sh("ip link set one mtu 1000"); // too small for IPv6
            assertThat(table.list()).as("a link without IPv6").isEqualTo(wanted);
            sh("ip link del one");
            assertThat(table.list()).as("links that are gone").isEqualTo(wanted);
            remove(table, wanted.keySet());
            assertThat(table.list()).isEmpty();
        }
    }
}
