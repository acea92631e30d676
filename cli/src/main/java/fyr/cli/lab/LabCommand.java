package fyr.cli.lab;

import picocli.CommandLine.Command;

/** The group of all lab commands. */
@Command(
        name = "lab",
        description =
                "Runs a Kubernetes cluster in network namespaces on this machine. It needs no root and no images, and sends no packet out of the machine.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab up -f examples/shop"},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            ApplyCommand.class,
            DeleteCommand.class,
            GetCommand.class,
            ExecCommand.class,
            UnreadyCommand.class,
            ReadyCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            AgentCommand.class,
            ListCommand.class,
            DownCommand.class
        })
public final class LabCommand {}
