package fyr.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The commands in README and docs: indented lines that begin with {@code fyr} or {@code ./fyr}. A comment begins with two spaces and #. */
public final class DocumentedCommands {

    private static final Path ROOT = Path.of("..");

    private DocumentedCommands() {}

    /** The arguments of each command, in the order of its page. */
    public static Map<String, List<List<String>>> byPage() {
        Map<String, List<List<String>>> pages = new TreeMap<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            Stream.concat(Stream.of("README.md", "CONTRIBUTING.md").map(ROOT::resolve), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .forEach(file -> pages.put(ROOT.relativize(file).toString(), commands(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pages;
    }

    private static List<List<String>> commands(Path file) {
        List<List<String>> commands = new ArrayList<>();
        boolean fenced = false;
        for (String line : lines(file)) {
            fenced ^= line.startsWith("```");
            String text = line.strip().replaceFirst("^\\./", "");
            if (!fenced && line.startsWith("    ") && text.startsWith("fyr ")) {
                String command = text.split("  +#", 2)[0].strip();
                commands.add(Arrays.asList(command.split(" +")).subList(1, command.split(" +").length));
            }
        }
        return commands;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
