package fyr.bench;

import fyr.agent.Agent;
import fyr.agent.AgentOptions;
import fyr.apiserver.ApiServer;
import fyr.apiserver.kinds.Kinds;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A node with its agent, and an API server that knows only that node, all in this process and its network namespace. */
final class ServedNode implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 30;
    private static final IpAddress ADDRESS = IpAddress.parse("192.0.2.11");
    private static final IpAddress ADDRESS6 = IpAddress.parse("2001:db8:2::11");

    private final Path home;
    private final ApiServer server;
    private final Agent agent;

    private ServedNode(Path home, ApiServer server, Agent agent) {
        this.home = home;
        this.server = server;
        this.agent = agent;
    }

    /** Starts all of it with its files in this directory; pods can be attached when this returns. */
    static ServedNode start(Path home) throws Exception {
        NetworkNamespace neighbour = NetworkNamespace.create(Path.of("/run/netns/neighbour"));
        try (Wiring wiring = Wiring.in(NetworkNamespace.current())) {
            wiring.cable("eth0", "eth0", neighbour, 1500)
                    .address("eth0", ADDRESS, 24)
                    .address("eth0", ADDRESS6, 64);
        }
        ApiServer server = ApiServer.start(new InetSocketAddress("127.0.0.1", 0));
        server.registry().create(Kinds.NODES, "", node());
        server.registry().updateStatus(Kinds.NODES, "", BenchNode.NAME, status(server));
        Path kubeconfig = Files.writeString(home.resolve("kubeconfig"), server.kubeconfig());
        ServedNode served = new ServedNode(home, server, Agent.start(options(home, kubeconfig)));
        served.await();
        return served;
    }

    private static ObjectNode node() {
        ObjectNode node =
                JsonMapper.shared().createObjectNode().put("apiVersion", "v1").put("kind", "Node");
        node.putObject("metadata").put("name", BenchNode.NAME);
        node.putObject("spec")
                .put("podCIDR", "10.244.1.0/24")
                .putArray("podCIDRs")
                .add("10.244.1.0/24")
                .add("fd00:10:244:1::/64");
        return node;
    }

    private static ObjectNode status(ApiServer server) {
        ObjectNode node = server.registry().get(Kinds.NODES, "", BenchNode.NAME).deepCopy();
        ObjectNode status = node.putObject("status");
        for (IpAddress address : List.of(ADDRESS, ADDRESS6)) {
            status.withArray("addresses").addObject().put("type", "InternalIP").put("address", address.toString());
        }
        return node;
    }

    private static AgentOptions options(Path home, Path kubeconfig) {
        return new AgentOptions(
                BenchNode.NAME,
                new AgentOptions.Api(Optional.of(kubeconfig), Optional.empty()),
                new AgentOptions.Dns(
                        List.of(),
                        "cluster.local",
                        List.of(),
                        List.of(new InetSocketAddress("192.0.2.53", 53)),
                        Path.of("/etc/resolv.conf")),
                new AgentOptions.Network(List.of(), Overlay.AUTO),
                new AgentOptions.Directories(
                        home.resolve("bin"), home.resolve("conf"), home.resolve("state"), home.resolve("run")),
                new InetSocketAddress("127.0.0.1", 0));
    }

    private void await() throws InterruptedException, IOException {
        long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000L;
        while (!Files.exists(home.resolve("conf/10-fyr.conflist"))) {
            if (System.nanoTime() > end) {
                close();
                throw new IllegalStateException("the agent was not ready within " + PATIENCE_SECONDS + " s");
            }
            Thread.sleep(5);
        }
    }

    /** The directory of the CNI executable. */
    Path executables() {
        return home.resolve("bin");
    }

    @Override
    public void close() {
        agent.close();
        server.close();
    }
}
