package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.conntrack.ConnectionCap;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is said of pods that have opened as many connections as they may have. */
class PodConnectionsTest {

    private final Map<NftKey.SetKey, Map<Bytes, Long>> counts = new HashMap<>();
    private final List<Observation> told = new ArrayList<>();
    private PersistentMap<String, Attachment> pods = PersistentMap.of(Map.of(
            "c/eth0",
            new Attachment(
                    "c",
                    "eth0",
                    "fyr12345678",
                    MacAddress.parse("02:00:00:00:00:01"),
                    List.of(IpAddress.parse("10.244.1.5")),
                    new NamespacedName("shop", "flooder"))));
    private long now;
    private final PodConnections connections =
            new PodConnections(1000, meter -> counts.getOrDefault(meter, Map.of()), () -> pods, told::add, () -> now);

    private void refused(Family family, String link, long packets) {
        Bytes key = Bytes.of(Arrays.copyOf(link.getBytes(StandardCharsets.US_ASCII), 16));
        counts.put(ConnectionCap.meter(family), Map.of(key, packets));
    }

    private List<Observation> look(int seconds) {
        now += seconds * 1_000_000_000L;
        told.clear();
        connections.look();
        return List.copyOf(told);
    }

    @Test
    void thePodIsNamedAtOnceAndThenOnceAMinute() {
        assertThat(look(5)).isEmpty();
        refused(Family.IPV4, "fyr12345678", 0);
        assertThat(look(5)).as("within its limit").isEmpty();
        refused(Family.IPV4, "fyr12345678", 7);
        refused(Family.IPV6, "fyr12345678", 3);
        assertThat(look(5)).containsExactly(new Observation.ConnectionsRefused("shop/flooder", 1000, 10));
        refused(Family.IPV4, "fyr12345678", 9);
        assertThat(look(5)).isEmpty();
        assertThat(look(55)).containsExactly(new Observation.ConnectionsRefused("shop/flooder", 1000, 2));
        assertThat(look(60)).isEmpty();
    }

    @Test
    void aCountThatTheKernelHasForgottenBeginsAnew() {
        refused(Family.IPV4, "fyr12345678", 7);
        look(5);
        refused(Family.IPV4, "fyr12345678", 4);
        assertThat(look(60)).containsExactly(new Observation.ConnectionsRefused("shop/flooder", 1000, 4));
    }

    @Test
    void aPodThatIsGoneIsForgotten() {
        refused(Family.IPV4, "fyr12345678", 7);
        look(5);
        pods = PersistentMap.empty();
        assertThat(look(5)).containsExactly(new Observation.ConnectionsForgotten("shop/flooder"));
        refused(Family.IPV4, "fyr12345678", 8);
        assertThat(look(60)).as("nobody's link").isEmpty();
    }
}
