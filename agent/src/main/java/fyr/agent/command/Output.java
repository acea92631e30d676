package fyr.agent.command;

import picocli.CommandLine.Option;

/** The option of every command that prints a result. */
public final class Output {

    @Option(
            names = "-o",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "Output format: text or json (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TEXT;

    /** The requested format. */
    public Format format() {
        return format;
    }
}
