package fyr.agent.command;

import picocli.CommandLine;

/** {@code fyr agent} without the other commands: the main class of an image of the agent, which contains neither the lab nor its API server. */
public final class AgentMain {
    private AgentMain() {}

    /** Runs the agent until it is stopped. */
    public static void main(String[] args) {
        CommandLine line = CommandConventions.of(new AgentCommand());
        line.setCommandName("fyr agent");
        System.exit(line.execute(args));
    }
}
