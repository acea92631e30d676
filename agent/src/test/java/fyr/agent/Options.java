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
                "node1",
                new AgentOptions.Api(Optional.empty(), Optional.empty()),
                new AgentOptions.Dns(
                        clusterDns, "cluster.local", List.of(), upstreams, directory.resolve("resolv.conf")),
                new AgentOptions.Network(List.of(), Overlay.AUTO),
                new AgentOptions.Directories(
                        directory.resolve("bin"),
                        directory.resolve("net.d"),
                        directory.resolve("state"),
                        directory.resolve("run")),
                new InetSocketAddress("127.0.0.1", 0));
    }
}
