package fyr.agent;

import fyr.agent.proxy.ProxyConfiguration;
import fyr.agent.proxy.ProxyReading;
import fyr.agent.proxy.ProxySource;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.ServiceMode;
import fyr.kernel.ipvs.Scheduler;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How an agent is started.
 *
 * @param nodeName the name of the node's Node object; empty if the configuration of kube-proxy gives it
 * @param loadBalancer whether this agent takes part in assigning and announcing load balancer addresses
 * @param health where /healthz, /readyz and /metrics are served
 * @param proxy the configuration of kube-proxy, which the agent follows in its place
 */
public record AgentOptions(
        String nodeName,
        Api api,
        Dns dns,
        Network network,
        boolean loadBalancer,
        Directories directories,
        InetSocketAddress health,
        Proxy proxy) {

    /** The options of an agent that follows no configuration of kube-proxy and has nothing to do with load balancers. */
    public AgentOptions(
            String nodeName, Api api, Dns dns, Network network, Directories directories, InetSocketAddress health) {
        this(nodeName, api, dns, network, false, directories, health, Proxy.NONE);
    }

    /**
     * The configuration of kube-proxy.
     *
     * @param source where it is; empty if there is none
     * @param reading what it says; empty until it has been read
     * @param health where kube-proxy's /healthz and /livez are served, whatever the configuration says
     * @param metrics where kube-proxy's metrics are served, whatever the configuration says
     */
    public record Proxy(
            Optional<ProxySource> source,
            Optional<ProxyReading> reading,
            Optional<InetSocketAddress> health,
            Optional<InetSocketAddress> metrics) {

        /** Of an agent that follows no configuration of kube-proxy. */
        public static final Proxy NONE =
                new Proxy(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        /** Where kube-proxy's /healthz and /livez are served; empty if they are not. */
        public Optional<InetSocketAddress> healthAddress() {
            return health.or(() -> configuration().map(read -> read.servers().health()));
        }

        /** Where kube-proxy's metrics are served; empty if they are not. */
        public Optional<InetSocketAddress> metricsAddress() {
            return metrics.or(() -> configuration().map(read -> read.servers().metrics()));
        }

        /** What the configuration says; empty if there is none. */
        public Optional<ProxyConfiguration> configuration() {
            return reading.map(ProxyReading::configuration);
        }

        Proxy with(ProxyReading read) {
            return new Proxy(source, Optional.of(read), health, metrics);
        }
    }

    /**
     * How the API server is reached.
     *
     * @param kubeconfig empty to use the credentials of a pod
     * @param server {@code HOST:PORT} of the API server if a pod's credentials are used; empty for the address that every pod is given
     */
    public record Api(Optional<Path> kubeconfig, Optional<String> server) {}

    /**
     * Cluster DNS.
     *
     * @param addresses where it is served; empty to take the addresses of the Service kube-system/kube-dns
     * @param domain the domain of the cluster
     * @param clients who may query it on this node, in addition to its pods and the node itself
     * @param upstreams resolvers for names outside the cluster; empty to take those of {@code resolvConf}
     * @param resolvConf the resolver configuration of the node
     */
    public record Dns(
            List<IpAddress> addresses,
            String domain,
            List<Prefix> clients,
            List<InetSocketAddress> upstreams,
            Path resolvConf) {

        public Dns {
            addresses = List.copyOf(addresses);
            clients = List.copyOf(clients);
            upstreams = List.copyOf(upstreams);
        }
    }

    /**
     * The network of pods.
     *
     * @param clusterCidrs prefixes that belong to the cluster in addition to the nodes' blocks of pods: traffic to them is not masqueraded
     * @param overlay when to tunnel
     * @param mode how Services are carried out, if anybody has said so
     * @param scheduler how mode ipvs chooses endpoints, if the command line says so
     * @param resetConnections whether TCP connections to endpoints that are gone are reset
     * @param connectionsPerPod how many connections a pod may have opened at once in each family; empty for any number
     */
    public record Network(
            List<Prefix> clusterCidrs,
            Overlay overlay,
            Optional<ServiceMode> mode,
            Optional<Scheduler> scheduler,
            boolean resetConnections,
            OptionalInt connectionsPerPod) {

        public Network {
            clusterCidrs = List.copyOf(clusterCidrs);
        }

        /** One whose Services are carried out in the usual way, and whose pods may have any number of connections. */
        public Network(List<Prefix> clusterCidrs, Overlay overlay) {
            this(clusterCidrs, overlay, Optional.empty(), Optional.empty(), false, OptionalInt.empty());
        }

        /** How Services are carried out. */
        public ServiceMode serviceMode() {
            return mode.orElse(ServiceMode.NFTABLES);
        }

        /** What an operator should know about options that have no effect beside the others; empty if there are none. */
        Optional<String> remark() {
            return scheduler
                    .filter(_ -> serviceMode() != ServiceMode.IPVS)
                    .map(unused ->
                            "--ipvs-scheduler " + unused.word() + " has no effect: Services are carried out in mode "
                                    + serviceMode().word());
        }
    }

    /**
     * Where files are kept.
     *
     * @param cniBin in which the CNI executable is installed
     * @param cniConf in which 10-fyr.conflist is installed
     * @param state of what survives a restart
     * @param run of the sockets
     */
    public record Directories(Path cniBin, Path cniConf, Path state, Path run) {}
}
