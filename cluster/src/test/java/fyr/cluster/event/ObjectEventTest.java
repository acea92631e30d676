package fyr.cluster.event;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.observation.Complaint;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an API server demands of an Event, and who writes it. */
class ObjectEventTest {

    private static final List<String> NODES =
            IntStream.range(0, 500).mapToObj(i -> "node-" + i).toList();

    private static ObjectEvent about(String kind, String name, String what) {
        return ObjectEvent.of(new Complaint(kind, name, "spec", what)).orElseThrow();
    }

    /** Kubernetes counts bytes (len of a Go string): of a text of three bytes a character only a third fits. */
    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", "\u20ac", "\ud83d\ude00", "x\ud83d\ude00", "\ud800"})
    void textIsCutByBytesAndBetweenCharacters(String part) {
        String text = part.repeat(2_000);
        for (int most = 1_000; most < 1_010; most++) {
            String cut = ObjectEvent.cut(text, most);
            assertThat(cut.getBytes(StandardCharsets.UTF_8)).hasSizeBetween(most - 3, most);
            assertThat(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                    .startsWith(cut);
        }
        assertThat(ObjectEvent.cut("web", 128)).isEqualTo("web");
        byte[] json = about("Service", "shop/web", text).json(Optional.empty(), "node-1", Instant.EPOCH);
        assertThat(new String(json, StandardCharsets.UTF_8)).endsWith("}");
    }

    @Test
    void aLongNameIsCutToADnsSubdomain() {
        for (int length = 215; length < 253; length++) {
            String name = "a".repeat(length - 15) + "-.-b".repeat(3) + "abc";
            assertThat(about("Service", "shop/" + name, "wrong").eventName())
                    .hasSizeLessThanOrEqualTo(253)
                    .matches("[a-z0-9]([-a-z0-9.]*[a-z0-9])?\\.[0-9a-f]{16}");
        }
    }

    @Test
    void threeOfAllNodesWriteAtOnceAndOthersTheNext() {
        Set<String> writers = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            ObjectEvent event = about("Service", "shop/web" + i, "wrong");
            List<String> own = NODES.stream()
                    .filter(node -> event.isWrittenAtOnceBy(node, NODES))
                    .toList();
            assertThat(own).hasSize(3);
            writers.addAll(own);
        }
        assertThat(writers).hasSizeGreaterThan(40);
        assertThat(about("Service", "shop/web", "wrong").isWrittenAtOnceBy("new", List.of("a", "b")))
                .isTrue();
    }

    @Test
    void itsOwnAffairsANodeWritesItself() {
        assertThat(about("Node", "node-1", "wrong").isOf("node-1")).isTrue();
        assertThat(about("Pod", "shop/web-0", "wrong").isOf("node-1")).isTrue();
        assertThat(about("Node", "node-2", "wrong").isOf("node-1")).isFalse();
        assertThat(about("Service", "shop/web", "wrong").isOf("node-1")).isFalse();
    }
}
