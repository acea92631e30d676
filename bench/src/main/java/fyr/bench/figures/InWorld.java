package fyr.bench.figures;

import fyr.agent.command.Output;
import fyr.lab.cluster.PrivateWorld;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Has a command run in namespaces of its own: outside of them it starts itself again, inside it measures. */
public final class InWorld {

    private static final String HEAP = "-Xmx2g";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Mixin
    private Output output = new Output();

    public InWorld() {
        command = CommandSpec.create();
    }

    /** Refuses a number that cannot be measured with. */
    public void require(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    command.commandLine(), option + " " + value + ": must be " + least + " to " + most);
        }
    }

    /** What is to be measured. */
    public interface Measurement {
        void run(Report report) throws Exception;
    }

    public int run(String title, Measurement measurement) throws Exception {
        if (!PrivateWorld.isHere()) {
            return PrivateWorld.run(
                    HEAP,
                    "fyr.cli/fyr.cli.Fyr",
                    command.root().commandLine().getParseResult().originalArgs());
        }
        return here(title, measurement);
    }

    /** Without namespaces. */
    public int here(String title, Measurement measurement) throws Exception {
        Report report = new Report(title, output.format());
        measurement.run(report);
        report.finish();
        return 0;
    }
}
