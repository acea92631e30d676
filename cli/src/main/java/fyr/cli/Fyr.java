package fyr.cli;

import fyr.cli.agent.NodeAgentCommand;
import fyr.cli.bench.BenchCommand;
import fyr.cli.demo.DemoCommand;
import fyr.cli.lab.LabCommand;
import fyr.cli.status.NodeStatusCommand;
import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main command. Its exit code is 0 on success, 1 if it failed, and 2 if the arguments are invalid. */
@Command(
        name = "fyr",
        description = "A Kubernetes network in one small program per node.",
        version = "fyr 0.1.0",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "From a checkout, ./fyr test runs all tests, and ./fyr setup installs what is missing.",
            "",
            "Example: fyr demo"
        },
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            LabCommand.class,
            NodeAgentCommand.class,
            NodeStatusCommand.class,
            BenchCommand.class,
            AutoComplete.GenerateCompletion.class
        })
public final class Fyr {

    /** Runs the command. */
    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        CommandLine command = new CommandLine(new Fyr())
                .setExecutionExceptionHandler(Fyr::explain)
                .setParameterExceptionHandler((failure, _) -> misunderstood(failure))
                .setCaseInsensitiveEnumValuesAllowed(true);
        versions(command, command.getCommandSpec().version());
        return command;
    }

    /** Returns the version, which is the same for all commands. */
    private static void versions(CommandLine command, String[] version) {
        command.getCommandSpec().version(version);
        command.getSubcommands().values().forEach(below -> versions(below, version));
    }

    /** Prints one line: the whole list of options would push the error out of sight. */
    private static int misunderstood(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String what = String.valueOf(failure.getMessage()).replaceAll("\\s*\\R\\s*", " ");
        command.getErr()
                .println("fyr: " + what + "; see: " + command.getCommandSpec().qualifiedName() + " --help");
        return 2;
    }

    /** Prints one line; with FYR_DEBUG also the stack trace. */
    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        if (System.getenv("FYR_DEBUG") != null) {
            failure.printStackTrace(command.getErr());
        }
        Throwable told =
                failure instanceof UncheckedIOException && failure.getCause() != null ? failure.getCause() : failure;
        command.getErr()
                .println("fyr: "
                        + Optional.ofNullable(told.getMessage())
                                .orElseGet(told::toString)
                                .replaceAll("\\s*\\R\\s*", " "));
        return 1;
    }
}
