package fyr.testkit.contract;

import static fyr.kernel.Tables.NEIGHBOURS;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a table of neighbours does. */
public abstract class NeighbourTableContract extends KernelContract {

    private static final NeighbourKey FOUR = new NeighbourKey(TUNNEL4, ip("10.1.0.2"));
    private static final NeighbourKey SIX = new NeighbourKey(TUNNEL4, ip("fd00:1::2"));
    private static final NeighbourKey LOST = new NeighbourKey(ABSENT, ip("10.1.0.2"));

    @Test
    void neighboursAreSetChangedAndRemoved() {
        put(NEIGHBOURS, Map.of(FOUR, new Neighbour(PEER), SIX, new Neighbour(PEER)));
        put(NEIGHBOURS, Map.of(FOUR, new Neighbour(MAC)));
        assertThat(list(NEIGHBOURS)).isEqualTo(Map.of(FOUR, new Neighbour(MAC), SIX, new Neighbour(PEER)));
        remove(NEIGHBOURS, Set.of(FOUR, LOST, new NeighbourKey(TUNNEL6, ip("10.1.0.2"))));
        assertThat(list(NEIGHBOURS)).containsOnlyKeys(SIX);
    }

    @Test
    void aNeighbourOnAnAbsentLinkHoldsBackNoOther() {
        assertThat(refusal(() -> put(NEIGHBOURS, Map.of(LOST, new Neighbour(PEER), FOUR, new Neighbour(PEER)))))
                .contains(Errno.ENODEV);
        assertThat(list(NEIGHBOURS)).containsOnlyKeys(FOUR);
    }

    @Test
    void neighboursAreOnPodLinksTooAndGoWithThem() {
        NeighbourKey ofPod = new NeighbourKey("fyr0a1b", ip("10.1.0.3"));
        assertThat(refusal(() -> put(NEIGHBOURS, Map.of(ofPod, new Neighbour(PEER)))))
                .contains(Errno.ENODEV);
        others().addLink("fyr0a1b");
        put(NEIGHBOURS, Map.of(ofPod, new Neighbour(PEER)));
        assertThat(list(NEIGHBOURS)).containsOnlyKeys(ofPod);
        others().setDown("fyr0a1b");
        assertThat(list(NEIGHBOURS)).isEmpty();
        put(NEIGHBOURS, Map.of(ofPod, new Neighbour(PEER)));
        assertThat(list(NEIGHBOURS)).as("while it is down").containsOnlyKeys(ofPod);
        others().deleteLink("fyr0a1b");
        assertThat(list(NEIGHBOURS)).isEmpty();
    }
}
