package fyr.cli.bench;

import picocli.CommandLine.Command;

/** All measurements. */
@Command(
        name = "bench",
        description =
                "Measures Fyr on this machine, in namespaces of its own: raw figures beside a baseline of the same run.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr bench services -o json"},
        synopsisSubcommandLabel = "WHAT",
        subcommands = {
            ServicesCommand.class,
            CniCommand.class,
            PolicyCommand.class,
            AgentCommand.class,
            ApiCommand.class
        })
public final class BenchCommand {}
