package fyr.agent;

import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.model.address.IpAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Options of agents that are not started as a whole. */
final class Options {

    private Options() {}

    static AgentOptions of(List<IpAddress> clusterDns, List<InetSocketAddress> upstreams) {
        return of(clusterDns, upstreams, Path.of("/nonexistent"));
    }

    /** Of an agent that keeps all its files in a directory. */
    static AgentOptions under(Path directory) {
        return of(List.of(), List.of(), directory);
    }

    private static AgentOptions of(List<IpAddress> clusterDns, List<InetSocketAddress> upstreams, Path directory) {
        return new AgentOptions(
                Optional.empty(),
                Optional.empty(),
                "node1",
                clusterDns,
                "cluster.local",
                List.of(),
                List.of(),
                Overlay.AUTO,
                upstreams,
                directory.resolve("resolv.conf"),
                directory.resolve("bin"),
                directory.resolve("net.d"),
                directory.resolve("state"),
                directory.resolve("run"),
                new InetSocketAddress("127.0.0.1", 0));
    }
}
