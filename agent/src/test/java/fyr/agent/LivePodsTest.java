package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LivePodsTest {

    private final Map<String, Boolean> links = new TreeMap<>(Map.of("fyr1", true, "fyr2", true));
    private final List<String> told = new ArrayList<>();
    private final AtomicInteger heals = new AtomicInteger();
    private final LivePods pods = new LivePods(
            () -> links,
            links::keySet,
            link -> links.computeIfPresent(link, (_, _) -> true) != null,
            heals::incrementAndGet,
            observation -> told.add(observation.text()));
    private final PersistentMap<String, Attachment> both = PersistentMap.<String, Attachment>empty()
            .with("a/eth0", attachment("a", "fyr1"))
            .with("b/eth0", attachment("b", "fyr2"));

    private static Attachment attachment(String container, String link) {
        return new Attachment(
                container,
                "eth0",
                link,
                MacAddress.parse("02:00:00:00:00:01"),
                List.of(IpAddress.parse("10.244.0.1")),
                new NamespacedName("default", container));
    }

    @Test
    void allAreThere() {
        assertThat(pods.listPresent(both)).isSameAs(both);
        assertThat(heals).hasValue(0);
    }

    @Test
    void aPodWhoseLinkIsGoneIsLeftOutAndGivenBackOnce() {
        links.remove("fyr1");
        for (int round = 0; round < 3; round++) {
            assertThat(pods.listPresent(both).sorted().keySet()).containsExactly("b/eth0");
        }
        assertThat(heals).hasValue(1);
        links.clear();
        assertThat(pods.listPresent(both).isEmpty()).isTrue();
        assertThat(heals).hasValue(2);
    }

    @Test
    void aLinkThatIsBackCounts() {
        links.remove("fyr1");
        pods.listPresent(both);
        links.put("fyr1", true);
        assertThat(pods.listPresent(both)).isSameAs(both);
    }

    @Test
    void aLinkThatIsDownIsSetUp() {
        links.put("fyr1", false);
        assertThat(pods.listPresent(both)).isSameAs(both);
        assertThat(links).containsEntry("fyr1", true);
        assertThat(told).containsExactly("drift repaired: pod links fyr1");
    }

    @Test
    void aLinkThatWentDownToBeRemovedIsNoDrift() {
        links.remove("fyr1");
        assertThat(pods.setUpAgain("fyr1")).isFalse();
        assertThat(told).isEmpty();
    }
}
