package fyr.cli.lab;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "agent",
        description = "Starts, stops, kills (kill -9) or restarts a node's agent.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: fyr lab agent restart node1"})
final class AgentCommand implements Callable<Integer> {

    @Mixin
    private WhichLab which = new WhichLab();

    @Parameters(index = "0", paramLabel = "WHAT", description = "Action: start, stop, kill or restart.")
    private What what = What.START;

    enum What {
        START,
        STOP,
        KILL,
        RESTART
    }

    @Parameters(index = "1", paramLabel = "NODE", description = "Name of the node.")
    private String node = "";

    @Override
    public Integer call() {
        System.out.print(which.running().command("agent", what.name().toLowerCase(Locale.ROOT), node));
        return 0;
    }
}
