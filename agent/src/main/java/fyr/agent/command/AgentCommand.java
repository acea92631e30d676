package fyr.agent.command;

import fyr.agent.Agent;
import fyr.agent.AgentOptions;
import fyr.agent.observe.log.LineLoggers;
import fyr.agent.observe.log.LogFormat;
import fyr.agent.proxy.ProxySource;
import fyr.agent.proxy.SocketText;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.ipvs.Scheduler;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs the node daemon until it is stopped. */
@Command(
        name = "agent",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the network of one node: pod network, Services, cluster DNS and NetworkPolicies.",
            "Needs root on the node (CAP_NET_ADMIN). On SIGTERM it exits and leaves the network working.",
            "Its credentials need the permissions of examples/node/access.yaml; the credentials of a kubelet are not sufficient.",
            "",
            "Example: fyr agent --kubeconfig /etc/fyr/kubeconfig --node-name node1"
        })
public final class AgentCommand implements Callable<Integer> {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig for the API server (default: the credentials of the pod that the agent runs in).")
    private Optional<Path> kubeconfig = Optional.empty();

    @Option(
            names = "--api-server",
            paramLabel = "HOST:PORT",
            description = {
                "Address of the API server for an agent that runs as a pod. The address that Kubernetes gives to pods is a virtual one, "
                        + "which the agent itself has to implement first. The server's certificate must be valid for HOST."
            })
    private Optional<String> apiServer = Optional.empty();

    @Option(
            names = "--node-name",
            paramLabel = "NAME",
            description =
                    "Name of this node's Node object. Required unless hostnameOverride in --proxy-config gives it.")
    private String nodeName = "";

    @Option(
            names = "--cluster-dns",
            split = ",",
            paramLabel = "ADDRESS",
            description =
                    "Addresses at which the agent answers cluster DNS (default: the addresses of Service kube-system/kube-dns).")
    private List<String> clusterDns = new ArrayList<>();

    @Option(
            names = "--cluster-domain",
            paramLabel = "DOMAIN",
            defaultValue = "cluster.local",
            description = "DNS domain of the cluster (default: ${DEFAULT-VALUE}).")
    private String clusterDomain = "";

    @Option(
            names = "--cluster-cidr",
            split = ",",
            paramLabel = "PREFIX",
            description =
                    "Prefixes of the cluster in addition to the nodes' podCIDRs. Traffic to them is not masqueraded.")
    private List<String> clusterCidrs = new ArrayList<>();

    @Option(
            names = "--dns-client",
            split = ",",
            paramLabel = "PREFIX",
            description = {
                "Hosts that may query cluster DNS at this node, in addition to the node and its pods. May be repeated (default: none)."
            })
    private List<String> dnsClients = new ArrayList<>();

    @Option(
            names = "--overlay",
            paramLabel = "MODE",
            defaultValue = "AUTO",
            description =
                    "How pods of other nodes are reached: auto (directly within a subnet, otherwise through VXLAN), vxlan, or direct (default: auto).")
    private Overlay overlay = Overlay.AUTO;

    @Option(
            names = "--service-mode",
            paramLabel = "MODE",
            description = {
                "How Services are carried out: nftables, iptables with the chains and the programs of kube-proxy's mode of this name, "
                        + "or ipvs with virtual servers of the kernel's load balancer (default: that of --proxy-config, or nftables)."
            })
    private Optional<ServiceMode> serviceMode = Optional.empty();

    @Option(
            names = "--ipvs-scheduler",
            paramLabel = "NAME",
            description = {
                "How mode ipvs chooses endpoints for Services without the annotation fyr.dev/ipvs-scheduler: rr, wrr, lc, wlc, sh or mh "
                        + "(default: that of --proxy-config, or rr)."
            })
    private Optional<Scheduler> scheduler = Optional.empty();

    @Option(
            names = "--conntrack-per-pod",
            paramLabel = "N",
            description = {
                "How many connections a pod may have opened at once, IPv4 and IPv6 counted apart. The first packets of further ones are "
                        + "dropped, so that no pod fills the node's connection tracking table (default: any number)."
            })
    private Optional<Integer> connectionsPerPod = Optional.empty();

    @Option(
            names = "--reset-connections",
            description = {
                "Reset TCP connections to an endpoint that its Service does not have any more, instead of leaving them to time out. "
                        + "Endpoints that are not ready or terminate keep their connections."
            })
    private boolean resetConnections;

    @Option(
            names = "--load-balancer",
            description = {
                "Assign addresses of AddressPools to Services of type LoadBalancer, and announce them on the node's network (ARP, NDP). "
                        + "Give it to the agents of all nodes; one of them assigns. Needs examples/node/address-pools.yaml."
            })
    private boolean loadBalancer;

    @Option(
            names = "--upstream",
            split = ",",
            paramLabel = "ADDRESS",
            description = "Resolvers for names outside the cluster (default: those of --resolv-conf).")
    private List<String> upstreams = new ArrayList<>();

    @Option(
            names = "--resolv-conf",
            paramLabel = "FILE",
            defaultValue = "/etc/resolv.conf",
            description = "Resolver configuration of the node (default: ${DEFAULT-VALUE}).")
    private Path resolvConf = Path.of("");

    @Option(
            names = "--cni-bin-dir",
            paramLabel = "DIR",
            defaultValue = "/opt/cni/bin",
            description = "Directory in which the CNI executable is installed (default: ${DEFAULT-VALUE}).")
    private Path cniBinDirectory = Path.of("");

    @Option(
            names = "--cni-conf-dir",
            paramLabel = "DIR",
            defaultValue = "/etc/cni/net.d",
            description = "Directory in which 10-fyr.conflist is installed (default: ${DEFAULT-VALUE}).")
    private Path cniConfDirectory = Path.of("");

    @Option(
            names = "--state-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/fyr",
            description = "Directory of the state that survives a restart (default: ${DEFAULT-VALUE}).")
    private Path stateDirectory = Path.of("");

    @Option(
            names = "--run-dir",
            paramLabel = "DIR",
            defaultValue = "/run/fyr",
            description = "Directory of the sockets (default: ${DEFAULT-VALUE}).")
    private Path runDirectory = Path.of("");

    @Option(
            names = "--health-address",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of /healthz, /readyz and /metrics (default: ${DEFAULT-VALUE}).")
    private String healthAddress = "";

    @Option(
            names = "--health-port",
            paramLabel = "PORT",
            defaultValue = "9099",
            description = "Port of /healthz, /readyz and /metrics (default: ${DEFAULT-VALUE}).")
    private int healthPort;

    @Option(
            names = "--proxy-config",
            paramLabel = "SOURCE",
            description = {
                "kube-proxy's configuration to follow: a file with a KubeProxyConfiguration, or configmap:NAMESPACE/NAME "
                        + "for the key config.conf of a ConfigMap (kubeadm: configmap:kube-system/kube-proxy). Fields that are not "
                        + "honoured are named in the log and by fyr status."
            })
    private Optional<String> proxyConfig = Optional.empty();

    @Option(
            names = "--proxy-health",
            paramLabel = "ADDRESS:PORT",
            description = {
                "Address of kube-proxy's /healthz and /livez (default: with --proxy-config what it says, usually 0.0.0.0:10256; "
                        + "otherwise they are not served)."
            })
    private Optional<String> proxyHealth = Optional.empty();

    @Option(
            names = "--proxy-metrics",
            paramLabel = "ADDRESS:PORT",
            description = {
                "Address of kube-proxy's /metrics (default: with --proxy-config what it says, usually 127.0.0.1:10249; "
                        + "otherwise they are not served)."
            })
    private Optional<String> proxyMetrics = Optional.empty();

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = {
                "Format of the log: text or json (default: ${DEFAULT-VALUE}). Both write one line for each entry to standard error, with time, "
                        + "level, component and message."
            })
    private LogFormat logFormat = LogFormat.TEXT;

    @Override
    public Integer call() throws InterruptedException {
        AgentOptions options = options();
        LineLoggers.use(logFormat);
        UncaughtErrors.endTheProcess();
        Optional<Agent> started = start(options);
        if (started.isEmpty()) {
            return 1;
        }
        Agent agent = started.get();
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            agent.close();
                            stopped.countDown();
                        },
                        "stop"));
        stopped.await();
        return 0;
    }

    /** If the log is read by programs, the reason why the agent cannot start is its last entry. Otherwise it is printed as with any other command. */
    private Optional<Agent> start(AgentOptions options) {
        try {
            return Optional.of(Agent.start(options));
        } catch (RuntimeException failure) {
            if (logFormat == LogFormat.TEXT) {
                throw failure;
            }
            LOG.log(System.Logger.Level.ERROR, "the agent cannot start: " + failure.getMessage());
            return Optional.empty();
        }
    }

    private AgentOptions options() {
        if (nodeName.isEmpty() && proxyConfig.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--node-name=NAME'");
        }
        return new AgentOptions(
                nodeName,
                new AgentOptions.Api(kubeconfig, apiServer.map(this::authority)),
                dns(),
                new AgentOptions.Network(
                        clusterCidrs.stream()
                                .map(text -> prefix("--cluster-cidr", text))
                                .toList(),
                        overlay,
                        serviceMode,
                        scheduler,
                        resetConnections,
                        connectionsPerPod()),
                loadBalancer,
                new AgentOptions.Directories(cniBinDirectory, cniConfDirectory, stateDirectory, runDirectory),
                socket("--health-address", healthAddress, healthPort),
                new AgentOptions.Proxy(
                        proxyConfig.map(this::proxySource),
                        Optional.empty(),
                        proxyHealth.map(text -> server("--proxy-health", text, 10256)),
                        proxyMetrics.map(text -> server("--proxy-metrics", text, 10249))));
    }

    private InetSocketAddress server(String option, String text, int port) {
        try {
            return SocketText.parse(text, port);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    private ProxySource proxySource(String text) {
        try {
            return ProxySource.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--proxy-config: " + e.getMessage());
        }
    }

    private AgentOptions.Dns dns() {
        return new AgentOptions.Dns(
                clusterDns.stream().map(this::dnsAddress).toList(),
                clusterDomain,
                dnsClients.stream().map(text -> prefix("--dns-client", text)).toList(),
                upstreams.stream().map(text -> socket("--upstream", text, 53)).toList(),
                resolvConf);
    }

    private OptionalInt connectionsPerPod() {
        if (connectionsPerPod.isEmpty()) {
            return OptionalInt.empty();
        }
        int most = connectionsPerPod.get();
        if (most < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--conntrack-per-pod: " + most + " is not a number of connections");
        }
        return OptionalInt.of(most);
    }

    private String authority(String text) {
        if (kubeconfig.isPresent()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--api-server: the kubeconfig file names the server already; give one of the two");
        }
        try {
            URI uri = new URI("https://" + text);
            boolean port = uri.getPort() > 0 && uri.getPort() < 65536;
            if (port && uri.getHost() != null && text.equals(uri.getHost() + ":" + uri.getPort())) {
                return text;
            }
            throw new ParameterException(spec.commandLine(), "--api-server: not HOST:PORT: '" + text + "'");
        } catch (URISyntaxException e) {
            throw new ParameterException(spec.commandLine(), "--api-server: not HOST:PORT: '" + text + "'");
        }
    }

    private IpAddress dnsAddress(String text) {
        IpAddress address = address("--cluster-dns", text);
        if (Arrays.equals(address.toBytes(), new byte[address.family().bytes()])) {
            throw new ParameterException(
                    spec.commandLine(), "--cluster-dns: " + text + " stands for every address; name one");
        }
        return address;
    }

    private IpAddress address(String option, String text) {
        try {
            return IpAddress.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    private Prefix prefix(String option, String text) {
        try {
            return Prefix.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    private InetSocketAddress socket(String option, String text, int port) {
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--health-port: not a port: " + port);
        }
        return new InetSocketAddress(address(option, text).toString(), port);
    }
}
