package fyr.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When something was shown. */
class SectionTest {

    private static Section section(Section.Row... rows) {
        return new Section("title", List.of("what"), List.of(rows));
    }

    @Test
    void allRowsMustHoldAndThereMustBeOne() {
        assertThat(section().holds()).as("without rows nothing was shown").isFalse();
        assertThat(section(Section.Row.of(true, "a")).holds()).isTrue();
        assertThat(section(Section.Row.of(true, "a"), Section.Row.of(false, "b"))
                        .holds())
                .isFalse();
    }
}
