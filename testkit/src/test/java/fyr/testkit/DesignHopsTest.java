package fyr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every {@code Class#method} that DESIGN.md leads a newcomer to is there. */
class DesignHopsTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern HOP = Pattern.compile("`(fyr(?:\\.[a-z]+)+\\.([A-Z]\\w+))#(\\w+)`");

    @Test
    void everyHopExists() throws IOException {
        List<MatchResult> hops = HOP.matcher(Files.readString(ROOT.resolve("DESIGN.md")))
                .results()
                .toList();
        assertThat(hops).hasSizeGreaterThan(7);
        for (MatchResult hop : hops) {
            assertThat(source(hop.group(1))).as(hop.group()).containsPattern("\\b" + hop.group(3) + "\\(");
        }
    }

    private static String source(String className) throws IOException {
        String file = "src/main/java/" + className.replace('.', '/') + ".java";
        try (Stream<Path> folders = Files.list(ROOT)) {
            return Files.readString(folders.map(folder -> folder.resolve(file))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("DESIGN.md names " + className + ", which is gone")));
        }
    }
}
