package fyr.cli;

import fyr.agent.command.AgentCommand;
import fyr.agent.command.CommandConventions;
import fyr.bench.BenchCommand;
import fyr.cli.demo.DemoCommand;
import fyr.cli.lab.LabCommand;
import fyr.cli.status.NodeStatusCommand;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main command. Its exit code is 0 on success, 1 if it failed, and 2 if the arguments are invalid. */
@Command(
        name = "fyr",
        description = "A Kubernetes network in one small program per node.",
        version = CommandConventions.VERSION,
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
            AgentCommand.class,
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
        return CommandConventions.of(new Fyr());
    }
}
