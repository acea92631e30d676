package fyr.lab.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class TopologyTest {

    @Test
    void dealsNodesToSubnetsInTurn() {
        List<Place> places = Topology.of(4, 2).places();
        assertThat(places).extracting(Place::name).containsExactly("node1", "node2", "node3", "node4");
        assertThat(places)
                .extracting(place -> place.addresses().toString())
                .containsExactly(
                        "[172.18.0.11, fd00:18::b]",
                        "[172.19.0.12, fd00:19::c]",
                        "[172.18.0.13, fd00:18::d]",
                        "[172.19.0.14, fd00:19::e]");
    }

    @Test
    void givesEveryNodeItsOwnAddressesAndBlocksWithinTheClusters() {
        List<Place> places = Topology.of(200, 10).places();
        List<IpAddress> addresses =
                places.stream().flatMap(place -> place.addresses().stream()).toList();
        List<Prefix> blocks =
                places.stream().flatMap(place -> place.podPrefixes().stream()).toList();
        assertThat(addresses).hasSize(400).doesNotHaveDuplicates();
        assertThat(blocks)
                .hasSize(400)
                .doesNotHaveDuplicates()
                .allMatch(block -> Prefix.parse("10.244.0.0/16").contains(block)
                        || Prefix.parse("fd00:10:244::/56").contains(block));
    }

    @Test
    void distributesNodesOverZonesInTurn() {
        assertThat(Topology.of(3, 2).places()).extracting(Place::zone).containsExactly("subnet0", "subnet1", "subnet0");
        assertThat(Topology.of(5, 2).withZones(3).places())
                .extracting(Place::zone)
                .containsExactly("zone-a", "zone-b", "zone-c", "zone-a", "zone-b");
        assertThatThrownBy(() -> Topology.of(3, 1).withZones(4)).hasMessage("a lab of 3 nodes has 1 to 3 zones, not 4");
        assertThatThrownBy(() -> Topology.of(30, 1).withZones(27))
                .hasMessage("a lab of 30 nodes has 1 to 26 zones, not 27");
    }

    @Test
    void refusesWhatCannotBeWired() {
        assertThatThrownBy(() -> Topology.of(0, 1)).hasMessage("a lab has 1 to 200 nodes, not 0");
        assertThatThrownBy(() -> Topology.of(3, 4)).hasMessage("a lab of 3 nodes has 1 to 3 subnets, not 4");
    }
}
