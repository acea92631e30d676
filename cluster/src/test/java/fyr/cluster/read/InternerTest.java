package fyr.cluster.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternerTest {

    private final Interner interner = new Interner();

    /** A cluster has up to 5,000 nodes; their names, and what endpoints of each have in common, must stay shared. */
    @ParameterizedTest
    @ValueSource(ints = {1, 500, 5000, 15_000})
    void nearlyAllValuesAreShared(int number) {
        List<String> first = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            first.add(interner.intern(name(i)));
        }
        int shared = 0;
        for (int i = 0; i < number; i++) {
            String again = interner.intern(name(i));
            assertThat(again).isEqualTo(name(i));
            shared += again == first.get(i) ? 1 : 0;
        }
        assertThat(shared).isGreaterThanOrEqualTo(number - number / 100);
    }

    private static String name(int number) {
        return String.format("node-%05d.example", number);
    }

    /** However many values there are, and all of them with one hash code. */
    @Test
    void valuesThatCollideAreStillThemselves() {
        record Awkward(int value) {
            @Override
            public int hashCode() {
                return 7;
            }
        }
        for (int i = 0; i < 100_000; i++) {
            assertThat(interner.intern(new Awkward(i)).value()).isEqualTo(i);
        }
        assertThat(interner.intern("text")).isEqualTo("text");
        Awkward last = interner.intern(new Awkward(-1));
        assertThat(interner.intern(new Awkward(-1))).isSameAs(last);
    }

    @Test
    void valuesOfDifferentClassesAreDifferent() {
        assertThat(interner.<Object>intern(List.of())).isEqualTo(List.of());
        assertThat(interner.<Object>intern(1)).isEqualTo(1);
        assertThat(interner.<Object>intern(1L)).isEqualTo(1L);
    }
}
