package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an agent reports about a heap that is too small, in a JVM of its own. */
@Timeout(120)
class HeapRoomTest {

    /** Fills the heap with objects that cannot be released, a little at a time, until the warning comes. */
    static final class Filler {
        public static void main(String[] arguments) throws Exception {
            List<byte[]> needed = new ArrayList<>();
            boolean[] told = {false};
            try (HeapRoom room = HeapRoom.watch(text -> {
                System.out.println(text);
                told[0] = true;
            })) {
                for (int i = 0; i < Integer.parseInt(arguments[0]); i++) {
                    needed.add(new byte[64 << 10]);
                    System.gc();
                }
                for (int i = 0; i < 50 && !told[0]; i++) {
                    Thread.sleep(20); // a thread of the JVM tells
                }
                System.out.println("share above 0.85: " + (room.share().orElse(0) > HeapRoom.FULL) + ", shortage "
                        + room.shortage().isPresent() + " " + needed.size());
            }
        }
    }

    @Test
    void aHeapThatIsFullOfWhatIsNeededIsTooSmall() throws Exception {
        assertThat(lines(140))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("the heap is too small for this cluster: ")
                        .contains("the heap's bound is 15 MiB")
                        .endsWith("for example FYR_AGENT_HEAP=30m"))
                .anyMatch(line -> line.startsWith("share above 0.85: true, shortage true"));
    }

    @Test
    void garbageIsNotCounted() throws Exception {
        assertThat(lines(20)).singleElement().asString().startsWith("share above 0.85: false, shortage false");
    }

    private static List<String> lines(int blocks) throws Exception {
        Process filler = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElseThrow(),
                        "-XX:+UseSerialGC",
                        "-Xms16m",
                        "-Xmx16m",
                        "-cp",
                        classes(HeapRoom.class) + ":" + classes(Filler.class),
                        Filler.class.getName(),
                        Integer.toString(blocks))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader output = filler.inputReader(StandardCharsets.UTF_8)) {
            return output.lines().toList();
        } finally {
            filler.destroyForcibly();
        }
    }

    /** The folder that a class is read from, however it came into its module. */
    private static Path classes(Class<?> type) throws Exception {
        String file = type.getName().replace('.', '/') + ".class";
        Path path = Path.of(Objects.requireNonNull(type.getResource("/" + file)).toURI());
        for (int i = 0; i < file.split("/").length; i++) {
            path = Objects.requireNonNull(path.getParent());
        }
        return path;
    }
}
