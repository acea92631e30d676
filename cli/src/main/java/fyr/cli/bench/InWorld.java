package fyr.cli.bench;

import fyr.lab.cluster.PrivateWorld;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Has a command run in namespaces of its own: outside of them it starts itself again, inside it measures. */
final class InWorld {

    private static final String HEAP = "-Xmx2g";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "-o", paramLabel = "FORMAT", defaultValue = "text", description = "text or json (default: ${DEFAULT-VALUE}).")
    private Report.Format format = Report.Format.TEXT;

    InWorld() {
        command = CommandSpec.create();
    }

    /** What is to be measured. */
    interface Measurement {
        void run(Report report) throws Exception;
    }

    int run(String title, Measurement measurement) throws Exception {
        if (!PrivateWorld.isHere()) {
            return PrivateWorld.run(HEAP, "fyr.cli/fyr.cli.Fyr", command.root().commandLine().getParseResult().originalArgs());
        }
        return here(title, measurement);
    }

    /** Without namespaces. */
    int here(String title, Measurement measurement) throws Exception {
        Report report = new Report(title, format);
        measurement.run(report);
        report.finish();
        return 0;
    }
}
