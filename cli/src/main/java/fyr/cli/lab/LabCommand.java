package fyr.cli.lab;

import picocli.CommandLine.Command;

/** All that has to do with labs. */
@Command(
        name = "lab",
        description =
                "A Kubernetes cluster on this machine, in namespaces of its own: no root, no images, no packet leaves it.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab up -f examples/shop"},
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            UpCommand.class,
            ApplyCommand.class,
            DeleteCommand.class,
            GetCommand.class,
            ExecCommand.class,
            CheckCommand.class,
            StatusCommand.class,
            AgentCommand.class,
            ListCommand.class,
            DownCommand.class
        })
public final class LabCommand {}
