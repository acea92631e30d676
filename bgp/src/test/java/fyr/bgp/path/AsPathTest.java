package fyr.bgp.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.path.AsSegment.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AsPathTest {

    private static AsSegment segment(Type type, Long... numbers) {
        return new AsSegment(type, List.of(numbers));
    }

    @Test
    void aSetCountsAsOneAndAConfederationAsNone() {
        AsPath path = AsPath.ofSegments(List.of(
                segment(Type.CONFED_SEQUENCE, 65001L, 65002L),
                segment(Type.CONFED_SET, 65003L, 65004L),
                segment(Type.SEQUENCE, 1L, 2L, 4_200_000_000L),
                segment(Type.SET, 4L, 5L)));
        assertThat(path.length()).isEqualTo(4);
        assertThat(path).hasToString("(65001 65002) [65003,65004] 1 2 4200000000 {4,5}");
        assertThat(path.withoutConfederation()).hasToString("1 2 4200000000 {4,5}");
        assertThat(path.first()).hasValue(65001);
        assertThat(path.neighbor()).hasValue(1);
        assertThat(path.origin()).isEqualTo(OptionalLong.empty());
        assertThat(path.contains(65004)).isTrue();
        assertThat(path.contains(4_200_000_000L)).isTrue();
        assertThat(path.contains(7)).isFalse();
    }

    @Test
    void prependingJoinsTheFirstSequenceUntilItIsFull() {
        AsPath path = AsPath.of(2, 3).prepend(1, 2);
        assertThat(path).isEqualTo(AsPath.of(1, 1, 2, 3));
        assertThat(AsPath.EMPTY.prepend(7, 1)).isEqualTo(AsPath.of(7));
        AsPath longer = path.prepend(9, 600);
        assertThat(longer.length()).isEqualTo(604);
        assertThat(longer.count(9)).isEqualTo(600);
        assertThat(longer.segments().stream().map(s -> s.numbers().size())).containsExactly(94, 255, 255);
        AsPath behindSet = AsPath.ofSegments(List.of(segment(Type.SET, 4L))).prepend(1, 1);
        assertThat(behindSet).hasToString("1 {4}");
    }

    @Test
    void wordsAndSegmentsAreTheSamePath() {
        for (long seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            List<AsSegment> segments = new ArrayList<>();
            for (int i = random.nextInt(4); i > 0; i--) {
                segments.add(new AsSegment(
                        Type.of(1 + random.nextInt(4)),
                        random.longs(1 + random.nextInt(4), 0, 1L << 32).boxed().toList()));
            }
            AsPath path = AsPath.ofSegments(segments);
            int[] words = new int[path.words()];
            for (int i = 0; i < words.length; i++) {
                words[i] = path.word(i);
            }
            assertThat(path.segments()).as("seed %d", seed).isEqualTo(segments);
            assertThat(AsPath.ofWords(words, words.length)).isEqualTo(path).hasSameHashCodeAs(path);
        }
    }

    @Test
    void wordsThatAreNoSegmentsAreRefused() {
        for (int[] words : new int[][] {{0x20002, 1}, {0x20000}, {0x50001, 1}, {1, 1}, {0x20100}}) {
            assertThatThrownBy(() -> AsPath.ofWords(words, words.length)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
