package fyr.agent;

import fyr.compiler.NodeIdentity.Overlay;
import fyr.model.address.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Options of agents that are not started as a whole. */
final class Options {

    private Options() {}

    static AgentOptions of(List<IpAddress> clusterDns, List<InetSocketAddress> upstreams) {
        Path nowhere = Path.of("/nonexistent");
        return new AgentOptions(
                Optional.empty(),
                Optional.empty(),
                "node1",
                clusterDns,
                "cluster.local",
                List.of(),
                Overlay.AUTO,
                upstreams,
                nowhere,
                nowhere,
                nowhere,
                nowhere,
                nowhere,
                new InetSocketAddress("127.0.0.1", 0));
    }
}
