package fyr.model.persistent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {

    /** A key whose hash takes few values, so that branches, lone leaves and collisions all occur. */
    private record Key(int number) {
        @Override
        public int hashCode() {
            return number % 7 == 0 ? 42 : number;
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void behavesLikeAMapWhateverTheOrder(long seed) {
        Random random = new Random(seed);
        Map<Key, Integer> expected = new HashMap<>();
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int step = 0; step < 3000; step++) {
            Key key = new Key(random.nextInt(400));
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.without(key);
            } else {
                expected.put(key, step);
                map = map.with(key, step);
            }
            assertThat(map.size()).isEqualTo(expected.size());
        }
        Map<Key, Integer> actual = new HashMap<>();
        map.forEach(actual::put);
        assertThat(actual).isEqualTo(expected);
        Map<Key, Integer> iterated = new HashMap<>();
        map.forEach(entry ->
                assertThat(iterated.put(entry.getKey(), entry.getValue())).isNull());
        assertThat(iterated).isEqualTo(expected);
        assertThat(map).isEqualTo(PersistentMap.of(expected)).hasSameHashCodeAs(PersistentMap.of(expected));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24, 25, 26})
    void anEditorGivesWhatSingleChangesGiveAndLeavesFinishedMapsAlone(long seed) {
        Random random = new Random(seed);
        PersistentMap<Key, Integer> single = random(random, 300);
        MapEditor<Key, Integer> editor = single.edit();
        List<PersistentMap<Key, Integer>> finished = new ArrayList<>();
        List<Map<Key, Integer>> contents = new ArrayList<>();
        for (int step = 0; step < 3000; step++) {
            Key key = new Key(random.nextInt(400));
            if (random.nextInt(5) < 2 + step / 1000) {
                editor.remove(key);
                single = single.without(key);
            } else {
                editor.put(key, step);
                single = single.with(key, step);
            }
            assertThat(editor.get(key)).isEqualTo(single.get(key));
            if (random.nextInt(50) == 0) {
                finished.add(editor.map());
                contents.add(contents(single));
                assertThat(finished.getLast()).isEqualTo(single);
                assertThat(finished.getLast().size()).isEqualTo(single.size());
            }
        }
        for (int i = 0; i < finished.size(); i++) {
            assertThat(contents(finished.get(i))).isEqualTo(contents.get(i));
        }
    }

    @Test
    void anEditorWithoutChangesGivesTheSameMap() {
        PersistentMap<String, String> map = PersistentMap.of(Map.of("a", "1"));
        MapEditor<String, String> editor = map.edit();
        editor.put("a", map.get("a").orElseThrow());
        editor.remove("b");
        assertThat(editor.map()).isSameAs(map);
        editor.remove("a");
        assertThat(editor.map()).isSameAs(PersistentMap.empty());
    }

    private static Map<Key, Integer> contents(PersistentMap<Key, Integer> map) {
        Map<Key, Integer> contents = new HashMap<>();
        map.forEach(contents::put);
        return contents;
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14})
    void differencesLeadFromOneVersionToTheOther(long seed) {
        Random random = new Random(seed);
        PersistentMap<Key, Integer> before = random(random, 500);
        PersistentMap<Key, Integer> after = random.nextBoolean() ? random(random, 300) : changed(before, random);
        Map<Key, Integer> follower = new HashMap<>();
        before.forEach(follower::put);
        after.differences(before, (key, was, is) -> {
            assertThat(follower.get(key)).isEqualTo(was);
            if (is == null) {
                follower.remove(key);
            } else {
                follower.put(key, is);
            }
        });
        assertThat(PersistentMap.of(follower)).isEqualTo(after);
    }

    @Test
    void differencesOfLargeNeighboursLookOnlyAtWhatChanged() {
        Map<Integer, CountingValue> many = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            many.put(i, new CountingValue(i));
        }
        PersistentMap<Integer, CountingValue> before = PersistentMap.of(many);
        PersistentMap<Integer, CountingValue> after = before.with(77, new CountingValue(-1));
        CountingValue.comparisons = 0;
        int[] visits = {0};
        after.differences(before, (key, was, is) -> visits[0]++);
        assertThat(visits[0]).isEqualTo(1);
        assertThat(CountingValue.comparisons).isLessThan(40);
    }

    @Test
    void theSameValueGivesTheSameMap() {
        PersistentMap<String, String> map = PersistentMap.of(Map.of("a", "1"));
        assertThat(map.with("a", map.get("a").orElseThrow())).isSameAs(map);
        assertThat(map.without("b")).isSameAs(map);
        assertThat(map.without("a")).isSameAs(PersistentMap.empty());
    }

    private record CountingValue(int number) {
        static int comparisons;

        @Override
        public boolean equals(Object other) {
            comparisons++;
            return other instanceof CountingValue(int that) && that == number;
        }

        @Override
        public int hashCode() {
            return number;
        }
    }

    private static PersistentMap<Key, Integer> random(Random random, int entries) {
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int i = 0; i < entries; i++) {
            map = map.with(new Key(random.nextInt(800)), random.nextInt(5));
        }
        return map;
    }

    private static PersistentMap<Key, Integer> changed(PersistentMap<Key, Integer> map, Random random) {
        for (int i = 0; i < 20; i++) {
            Key key = new Key(random.nextInt(800));
            map = random.nextBoolean() ? map.without(key) : map.with(key, random.nextInt(5));
        }
        return map;
    }
}
