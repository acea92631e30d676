package fyr.cli;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.testkit.Golden;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/** docs/reference.md is what the commands say of themselves. */
class ReferenceTest {

    /** Of picocli, about itself. */
    private static final Set<String> LEFT_OUT = Set.of("generate-completion", "help");

    private static final String INTRODUCTION = """
            # Commands

            This page is generated from the commands' `--help`; `-Dfyr.goldens=write` with the test `ReferenceTest` rewrites it.
            """;

    @Test
    void thePageSaysWhatTheCommandsSay() {
        StringBuilder page = new StringBuilder(INTRODUCTION);
        append(Fyr.commandLine(), page);
        assertThat(page).contains("## fyr agent", "## fyr lab apply", "## fyr bench services");
        Golden.check(Path.of("../docs/reference.md"), page.toString());
    }

    private static void append(CommandLine command, StringBuilder page) {
        command.setUsageHelpWidth(120);
        page.append("\n## ")
                .append(command.getCommandSpec().qualifiedName())
                .append("\n\n```text\n")
                .append(command.getUsageMessage(Ansi.OFF).strip())
                .append("\n```\n");
        command.getSubcommands().forEach((name, below) -> {
            if (!LEFT_OUT.contains(name)) {
                append(below, page);
            }
        });
    }
}
