package fyr.agent.command;

import java.io.UncheckedIOException;
import java.util.Optional;
import picocli.CommandLine;

/** What all commands of Fyr have in common: one line for an error, exit code 1 for a failure and 2 for invalid arguments, and the version. */
public final class CommandConventions {
    /** The version of every command. */
    public static final String VERSION = "fyr 0.1.0";

    private CommandConventions() {}

    /** Makes a command line of an annotated object. */
    public static CommandLine of(Object command) {
        CommandLine line = new CommandLine(command)
                .setExecutionExceptionHandler(CommandConventions::explain)
                .setParameterExceptionHandler((failure, _) -> misunderstood(failure))
                .setCaseInsensitiveEnumValuesAllowed(true);
        versions(line);
        return line;
    }

    private static void versions(CommandLine command) {
        command.getCommandSpec().version(VERSION);
        command.getSubcommands().values().forEach(CommandConventions::versions);
    }

    /** Prints one line: the whole list of options would push the error out of sight. */
    private static int misunderstood(CommandLine.ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        command.getErr()
                .println("fyr: " + oneLine(String.valueOf(failure.getMessage())) + "; see: "
                        + command.getCommandSpec().qualifiedName() + " --help");
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
                .println(
                        "fyr: " + oneLine(Optional.ofNullable(told.getMessage()).orElseGet(told::toString)));
        return 1;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}
