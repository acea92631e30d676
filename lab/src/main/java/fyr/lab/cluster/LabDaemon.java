package fyr.lab.cluster;

import fyr.apiserver.ClusterRanges;
import fyr.apiserver.store.Registry;
import fyr.cluster.access.Kubeconfig;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.Patience;
import fyr.kernel.linux.LinuxKernel;
import fyr.lab.kubelet.Kubelet;
import fyr.lab.kubelet.KubeletSettings;
import fyr.lab.workload.EchoServer;
import fyr.lab.workload.Identity;
import fyr.lab.world.Place;
import fyr.lab.world.Resolver;
import fyr.lab.world.Topology;
import fyr.lab.world.World;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Collectors;

/** The process of a lab, inside its namespaces: starts everything in order, and stays until the lab is ended. */
public final class LabDaemon {

    /** A kubelet that waits for longer reports its pods late when the API server is back; heartbeats of a real one give up after 10 s too. */
    private static final Patience KUBELET_PATIENCE = new Patience(
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofSeconds(130),
            Duration.ofSeconds(5));

    private static final int API_PORT = 6443;
    private static final int POD_THREADS = 8;
    private static final int POLL_MILLISECONDS = 20;
    private static final List<EchoServer.Port> OUTSIDE_PORTS = List.of(
            new EchoServer.Port(Protocol.TCP, 80),
            new EchoServer.Port(Protocol.TCP, 8080),
            new EchoServer.Port(Protocol.UDP, 8080));

    private final long began = System.nanoTime();
    private final LabDirectory directory;
    private final LabOptions options;
    private final Installation installation = Installation.own();
    private final Map<String, AgentProcess> agents = new LinkedHashMap<>();
    private final List<Kubelet> kubelets = new ArrayList<>();

    private LabDaemon(LabDirectory directory, LabOptions options) {
        this.directory = directory;
        this.options = options;
    }

    /** Arguments: the lab's directory, then {@link LabOptions}. */
    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        try {
            new LabDaemon(new LabDirectory(Path.of(args[0])), LabOptions.parse(arguments.subList(1, arguments.size())))
                    .run();
        } catch (RuntimeException | IOException failure) {
            System.err.println("fyr: the lab cannot start: " + failure.getMessage());
            failure.printStackTrace();
            System.exit(1);
        }
        Thread.currentThread().join();
    }

    private void run() throws Exception {
        if (options.serviceMode() == LabOptions.ServiceMode.IPVS) {
            LinuxKernel.requireIpvs(); // without it, no agent would ever be ready
        }
        Topology topology = options.topology();
        World world = World.build(topology);
        Resolver.open(world.outside());
        EchoServer.open(world.outside(), new Identity("", "outside", ""), OUTSIDE_PORTS);
        say(options.nodes() + " nodes in " + options.subnets() + (options.subnets() == 1 ? " subnet" : " subnets")
                + ", a router, an outside");

        ControlPlane plane = ControlPlane.of(options, directory, API_PORT);
        plane.writeKubeconfigs(
                Topology.MANAGEMENT.getFirst(),
                Files.readString(directory.port()).strip());
        for (Place place : topology.places()) {
            AgentProcess agent = new AgentProcess(
                    place, directory, installation, world.node(place.name()).file(), options);
            agents.put(place.name(), agent);
            agent.start();
        }
        Optional<Registry> registry = plane.start();
        PortPump.start(new InetSocketAddress(Topology.MANAGEMENT.getFirst().toString(), API_PORT));
        say("API server");
        ApiClient client = ApiClient.connect(new Kubeconfig(directory.insideKubeconfig()), KUBELET_PATIENCE);
        DnsService.announce(client, options.families().dnsAddresses());
        LoadBalancerPool.create(
                client,
                installation.addressPools(),
                Topology.LOAD_BALANCERS.stream()
                        .filter(prefix -> options.families().contains(prefix.family()))
                        .toList());
        startKubelets(topology, world, client);
        Control.serve(
                directory.control(),
                new Commands(
                        agents,
                        new Checks(directory, topology, options.families().dnsAddresses()),
                        new UncheckedObjects(registry))::run);
        awaitNodes();
        say("nodes are ready");
        Files.createFile(directory.ready());
    }

    private void startKubelets(Topology topology, World world, ApiClient client) {
        ScheduledExecutorService threads = Executors.newScheduledThreadPool(
                POD_THREADS, Thread.ofPlatform().daemon().name("pods-", 0).factory());
        List<IpAddress> resolvers = Topology.OUTSIDE.subList(0, 2);
        for (Place place : topology.places()) {
            KubeletSettings settings = new KubeletSettings(
                    place,
                    directory.node(place.name()),
                    directory.pods(),
                    installation.door(),
                    List.of(ClusterRanges.DNS.getFirst()),
                    "cluster.local",
                    resolvers);
            kubelets.add(Kubelet.start(settings, client, world.node(place.name()), threads));
        }
    }

    private void awaitNodes() throws InterruptedException {
        while (!kubelets.stream().allMatch(Kubelet::isReady)) {
            List<String> ended = agents.values().stream()
                    .filter(agent -> !agent.isRunning())
                    .map(AgentProcess::toString)
                    .toList();
            if (!ended.isEmpty()) {
                throw new LabException(String.join(", ", ended) + "; it said: " + lastWords());
            }
            Thread.sleep(POLL_MILLISECONDS);
        }
    }

    private String lastWords() {
        return agents.entrySet().stream()
                .filter(agent -> !agent.getValue().isRunning())
                .map(agent -> lastLine(directory.node(agent.getKey()).resolve("log")))
                .collect(Collectors.joining(" | "));
    }

    private static String lastLine(Path file) {
        try {
            List<String> lines = Files.readAllLines(file);
            return lines.isEmpty() ? "nothing" : lines.getLast();
        } catch (IOException unreadable) {
            return "nothing";
        }
    }

    private void say(String step) throws IOException {
        String line = String.format("%5.1f s  %s%n", (System.nanoTime() - began) / 1e9, step);
        Files.writeString(
                directory.progress(),
                line,
                java.nio.file.StandardOpenOption.CREATE,
                java.nio.file.StandardOpenOption.APPEND);
    }
}
