package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cli.DocumentedCommands;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of a page that concern a lab succeed one after the other, as a reader would enter them. */
class DocumentedCommandsLabIT {

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/getting-started.md"})
    void theyWorkInTheirOrder(String page) throws Exception {
        String name = TestLab.name("docs");
        List<List<String>> commands = DocumentedCommands.byPage().getOrDefault(page, List.of()).stream()
                .filter(command -> List.of("lab", "status").contains(command.getFirst()))
                .toList();
        assertThat(commands).as(page).hasSizeGreaterThan(5);
        try {
            for (List<String> command : commands) {
                TestLab.Result result = TestLab.fyr(inLab(command, name).toArray(String[]::new));
                assertThat(result.status())
                        .as("%s: fyr %s: %s", page, String.join(" ", command), result.output())
                        .isZero();
                assertThat(result.output()).as("%s prints something", command).isNotBlank();
            }
        } finally {
            TestLab.fyr("lab", "down", "--name", name);
        }
        assertThat(TestLab.processes(name)).isEmpty();
    }

    /** The command for a lab of another name, with the files of the checkout. */
    private static List<String> inLab(List<String> command, String name) {
        List<String> words = new ArrayList<>(command);
        words.replaceAll(word -> word.startsWith("examples/") ? "../" + word : word);
        if (words.getFirst().equals("status")) {
            words.addAll(1, List.of("--lab", name));
        } else {
            words.addAll(2, List.of("--name", name));
        }
        return words;
    }
}
