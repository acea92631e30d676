package fyr.lab.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The commands that a running lab accepts. */
record Commands(Map<String, AgentProcess> agents, Checks checks, UncheckedObjects unchecked) {

    String run(List<String> words) {
        return switch (words.getFirst()) {
            case "status" -> status();
            case "agent" -> agent(words);
            case "check" -> checks.probes(words.get(1), words.get(2));
            case "requests" -> checks.requests(words.get(1), words.get(2), words.get(3), words.get(4));
            case "store" -> unchecked.store(Path.of(words.get(1)));
            default -> throw new LabException("the lab does not know the command '" + words.getFirst() + "'");
        };
    }

    private String status() {
        return agents.values().stream().map(agent -> agent + "\n").collect(Collectors.joining());
    }

    /** {@code agent start|stop|kill|restart NODE}. */
    private String agent(List<String> words) {
        if (words.size() != 3) {
            throw new LabException("agent start|stop|kill|restart NODE");
        }
        AgentProcess agent = Optional.ofNullable(agents.get(words.get(2)))
                .orElseThrow(() -> new LabException(
                        "no node " + words.get(2) + " in this lab: " + String.join(", ", agents.keySet())));
        switch (words.get(1)) {
            case "start" -> agent.start();
            case "stop" -> agent.stop(false);
            case "kill" -> agent.stop(true);
            case "restart" -> {
                agent.stop(false);
                agent.start();
            }
            default -> throw new LabException("agent start|stop|kill|restart NODE");
        }
        return agent + "\n";
    }
}
