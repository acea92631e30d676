package fyr.bench;

import picocli.CommandLine.Command;

/** The group of all benchmarks. */
@Command(
        name = "bench",
        description =
                "Measures Fyr in network namespaces on this machine and prints raw figures, with a baseline from the same run.",
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
