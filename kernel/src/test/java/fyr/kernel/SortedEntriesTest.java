package fyr.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class SortedEntriesTest {

    @Test
    void isWhatATreeWithTheSameEntriesIs() {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            TreeMap<Integer, String> tree = new TreeMap<>();
            List<Map.Entry<Integer, String>> entries = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                int key = random.nextInt(60);
                if (tree.putIfAbsent(key, "value " + key) == null) {
                    entries.add(Map.entry(key, "value " + key));
                }
            }
            int from = random.nextInt(60);
            int to = from + random.nextInt(60);
            SortedMap<Integer, String> map = SortedEntries.of(entries);
            assertSame(map, tree);
            assertSame(SortedEntries.copyOf(tree), tree);
            assertSame(map.subMap(from, to), tree.subMap(from, to));
            assertSame(map.headMap(to), tree.headMap(to));
            assertSame(map.tailMap(from), tree.tailMap(from));
        }
    }

    private static void assertSame(SortedMap<Integer, String> map, SortedMap<Integer, String> tree) {
        assertThat(map).isEqualTo(tree).hasSameSizeAs(tree);
        assertThat(new ArrayList<>(map.keySet())).isEqualTo(new ArrayList<>(tree.keySet()));
        List<String> visited = new ArrayList<>();
        map.forEach((key, value) -> visited.add(key + value));
        assertThat(visited).hasSameSizeAs(tree.keySet());
        for (int key = 0; key < 60; key++) {
            assertThat(map.get(key)).isEqualTo(tree.get(key));
            assertThat(map.containsKey(key)).isEqualTo(tree.containsKey(key));
        }
        if (tree.isEmpty()) {
            assertThatThrownBy(map::firstKey).isInstanceOf(NoSuchElementException.class);
            assertThatThrownBy(map::lastKey).isInstanceOf(NoSuchElementException.class);
        } else {
            assertThat(map.firstKey()).isEqualTo(tree.firstKey());
            assertThat(map.lastKey()).isEqualTo(tree.lastKey());
        }
    }

    @Test
    void cannotBeChanged() {
        SortedMap<Integer, String> map = SortedEntries.of(List.of(Map.entry(1, "one")));
        assertThatThrownBy(() -> map.put(2, "two")).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.remove(1)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> map.entrySet().iterator().next().setValue("other"))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void aCopyKeepsNothingOfItsOrigin() {
        TreeMap<Integer, String> tree = new TreeMap<>(Map.of(1, "one"));
        SortedMap<Integer, String> copy = SortedEntries.copyOf(tree);
        tree.put(2, "two");
        assertThat(copy).containsOnlyKeys(1);
        assertThat(SortedEntries.copyOf(copy)).isSameAs(copy);
    }
}
