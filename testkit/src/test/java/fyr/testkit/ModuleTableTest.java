package fyr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of modules in DESIGN.md is what the module descriptors say: the document cannot lie. */
class ModuleTableTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern ROW = Pattern.compile("^\\| `([a-z-]+)` \\|.*\\| ([^|]*) \\|$", Pattern.MULTILINE);
    private static final Pattern QUOTED = Pattern.compile("`([a-z-]+)`");
    private static final Pattern REQUIRES = Pattern.compile("requires (transitive )?fyr\\.([a-z.]+);");

    @Test
    void everyModuleUsesWhatTheTableAllows() throws IOException {
        Map<String, Set<String>> allowed = table();
        Map<String, Map<String, Boolean>> used = descriptors();
        assertThat(allowed.keySet()).isEqualTo(used.keySet());
        used.forEach((module, requires) ->
                assertThat(allowed.get(module)).as("row of %s", module).containsAll(requires.keySet()));
        allowed.forEach((module, row) -> {
            if (!module.equals("cli")) {
                assertThat(readable(module, used))
                        .as("what %s can reach", module)
                        .containsAll(row);
            }
        });
    }

    /** What a module can read: a module that another requires transitively need not be named twice. */
    private static Set<String> readable(String module, Map<String, Map<String, Boolean>> used) {
        Set<String> reached = new TreeSet<>();
        used.getOrDefault(module, Map.of()).keySet().forEach(next -> {
            reached.add(next);
            reached.addAll(passedOn(next, used));
        });
        return reached;
    }

    private static Set<String> passedOn(String module, Map<String, Map<String, Boolean>> used) {
        Set<String> reached = new TreeSet<>();
        used.getOrDefault(module, Map.of()).forEach((next, transitive) -> {
            if (transitive) {
                reached.add(next);
                reached.addAll(passedOn(next, used));
            }
        });
        return reached;
    }

    private static Map<String, Set<String>> table() throws IOException {
        Map<String, Set<String>> rows = new TreeMap<>();
        Matcher row = ROW.matcher(Files.readString(ROOT.resolve("DESIGN.md")));
        while (row.find()) {
            rows.put(row.group(1), quoted(row.group(2)));
        }
        rows.computeIfPresent("cli", (_, row2) -> row2.isEmpty() ? rows.keySet() : row2);
        return rows;
    }

    private static Set<String> quoted(String cell) {
        Set<String> names = new TreeSet<>();
        QUOTED.matcher(cell).results().forEach(result -> names.add(result.group(1)));
        return names;
    }

    /** For each module those that it requires, and whether whoever requires it can read them too. */
    private static Map<String, Map<String, Boolean>> descriptors() throws IOException {
        Map<String, Map<String, Boolean>> modules = new TreeMap<>();
        try (Stream<Path> folders = Files.list(ROOT)) {
            for (Path folder : folders.filter(path -> Files.exists(path.resolve("src/main/java/module-info.java")))
                    .toList()) {
                Map<String, Boolean> requires = new TreeMap<>();
                REQUIRES.matcher(Files.readString(folder.resolve("src/main/java/module-info.java")))
                        .results()
                        .forEach(result -> requires.put(result.group(2).replace('.', '-'), result.group(1) != null));
                modules.put(folder.getFileName().toString(), requires);
            }
        }
        return modules;
    }
}
