package fyr.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every command in the documentation exists, and so does every page and file that a page links to. */
class DocumentedCommandsTest {

    /** Of the launcher, not of the program. */
    private static final Set<String> OF_THE_LAUNCHER = Set.of("test", "setup");

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

    @Test
    void theProgramUnderstandsEveryCommand() {
        DocumentedCommands.byPage()
                .forEach((page, commands) -> commands.stream()
                        .filter(command -> !OF_THE_LAUNCHER.contains(command.getFirst()))
                        .forEach(command -> assertThatCode(
                                        () -> Fyr.commandLine().parseArgs(command.toArray(String[]::new)))
                                .as("%s: fyr %s", page, String.join(" ", command))
                                .doesNotThrowAnyException()));
    }

    @Test
    void thereAreCommands() {
        assertThat(DocumentedCommands.byPage().get("docs/getting-started.md")).hasSizeGreaterThan(8);
        assertThat(DocumentedCommands.byPage().get("README.md")).contains(List.of("demo"));
    }

    @Test
    void linksLeadToFiles() throws IOException {
        try (Stream<Path> docs = Files.walk(Path.of("../docs"))) {
            for (Path page : Stream.concat(
                            docs,
                            Stream.of("../README.md", "../DESIGN.md", "../CONTRIBUTING.md")
                                    .map(Path::of))
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList()) {
                for (Matcher link = LINK.matcher(Files.readString(page)); link.find(); ) {
                    assertThat(page.resolveSibling(link.group(1)))
                            .as("link in %s", page)
                            .exists();
                }
            }
        }
    }
}
