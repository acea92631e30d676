package fyr.lab.check;

import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Many requests to one address, to see who answers. */
public final class Requests {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Requests() {}

    /** Makes so many TCP requests, with a new connection for each; null stands for no answer. Must be called on a platform thread. */
    public static List<JsonNode> make(Path network, IpAddress address, int port, int count) {
        Probe probe = new Probe(network, Protocol.TCP, address, port, Probe.Question.ECHO);
        return new Prober(PATIENCE)
                .ask(Collections.nCopies(count, probe)).stream()
                        .map(answer -> answer.orElse(NullNode.getInstance()))
                        .toList();
    }
}
