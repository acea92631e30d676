package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.PEER;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NeighbourTableKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        overlays.close();
    }

    @Test
    void neighboursAsIpSeesThem() {
        NeighbourTable neighbours = new NeighbourTable(overlays.socket);
        Map<NeighbourKey, Neighbour> known = Map.of(
                new NeighbourKey("fyr-vxlan4", ip("10.244.2.0")), new Neighbour(PEER),
                new NeighbourKey("fyr-vxlan6", ip("fd00:10:244:2::")), new Neighbour(PEER));
        put(neighbours, known);
        sh("ip neigh add 10.244.3.0 lladdr 02:00:00:00:00:03 dev fyr-vxlan4 nud stale");
        assertThat(neighbours.list()).isEqualTo(new TreeMap<>(known));
        assertThat(sh("ip neigh show nud permanent"))
                .contains(
                        "10.244.2.0 dev fyr-vxlan4 lladdr 02:00:00:00:00:02",
                        "fd00:10:244:2:: dev fyr-vxlan6 lladdr 02:00:00:00:00:02");
        remove(neighbours, known.keySet());
        remove(neighbours, known.keySet());
        assertThat(neighbours.list()).isEmpty();
    }

    @Test
    void anAbsentLinkHoldsBackNoOthers() {
        NeighbourTable neighbours = new NeighbourTable(overlays.socket);
        NeighbourKey absent = new NeighbourKey("fyr-absent", ip("10.244.2.0"));
        NeighbourKey present = new NeighbourKey("fyr-vxlan4", ip("10.244.2.0"));
        assertThatThrownBy(() -> put(neighbours, Map.of(absent, new Neighbour(PEER), present, new Neighbour(PEER))))
                .hasMessage("RTM_NEWNEIGH 10.244.2.0 dev fyr-absent: there is no link fyr-absent");
        assertThat(neighbours.list()).containsOnlyKeys(present);
    }
}
