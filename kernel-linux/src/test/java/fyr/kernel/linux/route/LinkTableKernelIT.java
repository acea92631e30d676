package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.PEER;
import static fyr.kernel.linux.route.Overlays.VXLAN4;
import static fyr.kernel.linux.route.Overlays.VXLAN6;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.link.Link;
import fyr.kernel.linux.libc.NoLeaks;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LinkTableKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        overlays.close();
    }

    @Test
    void linksAsIpSeesThem() {
        assertThat(sh("ip -d link show fyr-vxlan4"))
                .contains(
                        "mtu 1450",
                        "vxlan id 42",
                        "local 192.0.2.1",
                        "dstport 8472",
                        "nolearning",
                        "02:00:00:00:00:01",
                        "UP",
                        "addrgenmode none");
        assertThat(sh("ip -d link show fyr-vxlan6")).contains("vxlan id 43", "local 2001:db8::1", "nolearning");
        assertThat(sh("ip addr show dev fyr-vxlan6")).doesNotContain("fe80");
        assertThat(overlays.links.list())
                .containsExactlyInAnyOrderEntriesOf(Map.of("fyr-vxlan4", VXLAN4, "fyr-vxlan6", VXLAN6));
        sh("ip link add fyr0a1b type veth peer name other0");
        assertThat(overlays.links.list()).containsOnlyKeys("fyr-vxlan4", "fyr-vxlan6");
        sh("ip link del fyr0a1b");
    }

    @Test
    void aRenamedTunnelGetsItsNameBack() {
        String index = sh("ip -o link show fyr-vxlan4").split(":")[0];
        sh("ip link set fyr-vxlan4 down; ip link set fyr-vxlan4 name foo; ip link set foo up");
        assertThat(overlays.links.list()).containsOnlyKeys("fyr-vxlan6");
        put(overlays.links, Map.of("fyr-vxlan4", VXLAN4));
        assertThat(overlays.links.list()).containsEntry("fyr-vxlan4", VXLAN4);
        assertThat(sh("ip -o link show fyr-vxlan4")).startsWith(index + ":");
        sh("ip link set fyr-vxlan4 down; ip link set fyr-vxlan4 name foo; ip link set foo type vxlan learning");
        put(overlays.links, Map.of("fyr-vxlan4", VXLAN4));
        assertThat(overlays.links.list()).containsEntry("fyr-vxlan4", VXLAN4);
        sh(
                "ip link set fyr-vxlan4 down; ip link set fyr-vxlan4 name foo; ip link add fyr-vxlan4 type veth peer name other0");
        put(overlays.links, Map.of("fyr-vxlan4", VXLAN4));
        assertThat(overlays.links.list()).containsEntry("fyr-vxlan4", VXLAN4);
        assertThat(sh("ip -o link")).doesNotContain(" foo:", "other0");
    }

    @Test
    void aTunnelOfOthersWithOurVniIsNotTouched() {
        remove(overlays.links, Set.of("fyr-vxlan4"));
        sh("ip link add theirs address 02:00:00:00:00:77 type vxlan id 42 local 192.0.2.1 dstport 8472 nolearning");
        String theirs = sh("ip -d link show theirs");
        assertThatThrownBy(() -> put(overlays.links, Map.of("fyr-vxlan4", VXLAN4)))
                .hasMessageContaining("EEXIST");
        assertThat(sh("ip -d link show theirs")).isEqualTo(theirs);
        sh("ip link del theirs");
    }

    @Test
    void linksAreRepairedInPlaceWherePossible() {
        String index = sh("ip -o link show fyr-vxlan4").split(":")[0];
        Link.Vxlan changed = new Link.Vxlan(42, 8472, ip("192.0.2.1"), PEER, 1400);
        put(overlays.links, Map.of("fyr-vxlan4", changed));
        assertThat(overlays.links.list()).containsEntry("fyr-vxlan4", changed);
        sh("ip link set fyr-vxlan4 down");
        assertThat(overlays.links.list()).containsEntry("fyr-vxlan4", new Link.Foreign("vxlan, down"));
        put(overlays.links, Map.of("fyr-vxlan4", changed));
        assertThat(sh("ip -o link show fyr-vxlan4")).startsWith(index + ":");
        Link.Vxlan other = new Link.Vxlan(99, 8472, ip("192.0.2.1"), PEER, 1400);
        put(overlays.links, Map.of("fyr-vxlan4", other));
        assertThat(overlays.links.list()).containsEntry("fyr-vxlan4", other);
        assertThat(sh("ip -o link show fyr-vxlan4")).doesNotStartWith(index + ":");
        sh("ip link add fyr-bridge type bridge");
        assertThat(overlays.links.list()).containsEntry("fyr-bridge", new Link.Foreign("bridge, down"));
        remove(overlays.links, Set.of("fyr-bridge", "fyr-absent"));
        assertThat(overlays.links.list()).doesNotContainKey("fyr-bridge");
    }
}
