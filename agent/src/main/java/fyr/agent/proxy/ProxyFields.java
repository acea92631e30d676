package fyr.agent.proxy;

import static fyr.agent.proxy.FieldType.ANYTHING;
import static fyr.agent.proxy.FieldType.DURATION;
import static fyr.agent.proxy.FieldType.FLAG;
import static fyr.agent.proxy.FieldType.FLAGS;
import static fyr.agent.proxy.FieldType.INTEGER;
import static fyr.agent.proxy.FieldType.NUMBER;
import static fyr.agent.proxy.FieldType.OPTIONAL_DURATION;
import static fyr.agent.proxy.FieldType.OPTIONAL_FLAG;
import static fyr.agent.proxy.FieldType.OPTIONAL_INTEGER;
import static fyr.agent.proxy.FieldType.TEXT;
import static fyr.agent.proxy.FieldType.TEXTS;
import static fyr.agent.proxy.Treatment.HONOURED;
import static fyr.agent.proxy.Treatment.NOT_APPLICABLE;
import static fyr.agent.proxy.Treatment.NOT_YET;

import fyr.kernel.ipvs.Scheduler;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All fields of KubeProxyConfiguration v1alpha1 in Kubernetes 1.37 (k8s.io/kube-proxy, config/v1alpha1/types.go; logging and
 * clientConnection in k8s.io/component-base), in that order, and what the agent does with each. The page docs/proxy-configuration.md is
 * generated from this table.
 */
public final class ProxyFields {

    private static final String WATCHES = "changes are written as they come, and the kernel's own events start repairs";
    private static final String PERIOD = WATCHES + "; /healthz is bad after a change has waited twice this long";
    private static final String LOG = "the agent's log has no levels to choose; its format is that of --log-format";
    private static final String WINDOWS = "the agent runs on Linux only";
    private static final String CONNECTION = "the agent uses --kubeconfig, or the credentials of its pod";
    private static final String TABLE_SIZE =
            "the connection tracking table is raised to that size at the start, never lowered";
    private static final String TIMEOUT = "whole seconds; zero leaves the node's own setting";
    private static final String LIBERAL =
            "connection tracking is always liberal, so that no segment out of its window escapes translation";
    private static final String IPVS_TIMEOUT = "with mode: ipvs; " + TIMEOUT;
    private static final List<Object> SCHEDULERS =
            Arrays.stream(Scheduler.values()).<Object>map(Scheduler::word).toList();
    private static final String LOCAL =
            "tells connections of this node's pods from others; without it, the node's own block does";

    private static final List<ProxyField> ALL = Stream.of(server(), modes(), traffic(), conntrack(), rest())
            .flatMap(List::stream)
            .toList();
    private static final Map<String, ProxyField> BY_PATH = ALL.stream()
            .collect(Collectors.toMap(ProxyField::path, field -> field, (first, _) -> first, LinkedHashMap::new));
    private static final Set<String> SECTIONS = BY_PATH.keySet().stream()
            .filter(path -> path.contains("."))
            .map(path -> path.substring(0, path.indexOf('.')))
            .collect(Collectors.toUnmodifiableSet());

    private ProxyFields() {}

    private static List<ProxyField> server() {
        return List.of(
                new ProxyField(
                        "featureGates", FLAGS, NOT_APPLICABLE, "the gates switch parts of kube-proxy's own code"),
                new ProxyField("clientConnection.kubeconfig", TEXT, NOT_APPLICABLE, CONNECTION),
                new ProxyField("clientConnection.acceptContentTypes", TEXT, NOT_APPLICABLE, CONNECTION),
                new ProxyField("clientConnection.contentType", TEXT, NOT_APPLICABLE, CONNECTION),
                new ProxyField(
                        "clientConnection.qps",
                        NUMBER,
                        NOT_APPLICABLE,
                        "the agent limits its own requests: it watches"),
                new ProxyField(
                        "clientConnection.burst",
                        INTEGER,
                        NOT_APPLICABLE,
                        "the agent limits its own requests: it watches"),
                new ProxyField("logging.format", TEXT, NOT_APPLICABLE, LOG),
                new ProxyField("logging.flushFrequency", ANYTHING, NOT_APPLICABLE, LOG),
                new ProxyField("logging.verbosity", ANYTHING, NOT_APPLICABLE, LOG),
                new ProxyField("logging.vmodule", ANYTHING, NOT_APPLICABLE, LOG),
                new ProxyField("logging.options", ANYTHING, NOT_APPLICABLE, LOG),
                new ProxyField(
                        "hostnameOverride",
                        TEXT,
                        HONOURED,
                        "the name of the node, unless --node-name gives another one"),
                new ProxyField(
                        "bindAddress",
                        TEXT,
                        NOT_APPLICABLE,
                        "the node's addresses are those of its Node object; the family decides the default of the two addresses below",
                        List.of("0.0.0.0")),
                new ProxyField(
                        "healthzBindAddress",
                        TEXT,
                        HONOURED,
                        "/healthz and /livez; the default is 0.0.0.0:10256, or [::]:10256"),
                new ProxyField(
                        "metricsBindAddress",
                        TEXT,
                        HONOURED,
                        "/metrics, /healthz and /proxyMode; the default is 127.0.0.1:10249, or [::1]:10249"),
                new ProxyField(
                        "bindAddressHardFail",
                        FLAG,
                        HONOURED,
                        "whether the agent ends if one of the two addresses is taken, or tries again every 5 s"),
                new ProxyField(
                        "enableProfiling", FLAG, NOT_APPLICABLE, "the agent is no Go program; use the JDK's jcmd"),
                new ProxyField(
                        "showHiddenMetricsForVersion", TEXT, NOT_APPLICABLE, "the agent hides none of its metrics"));
    }

    private static List<ProxyField> modes() {
        return List.of(
                new ProxyField(
                        "mode",
                        TEXT,
                        HONOURED,
                        "how Services are carried out, nftables if the field is absent; --service-mode takes precedence"),
                new ProxyField(
                        "iptables.masqueradeBit",
                        OPTIONAL_INTEGER,
                        NOT_YET,
                        "mode iptables uses bit 14 of the packet mark",
                        List.of(14)),
                masqueradeAll("iptables"),
                new ProxyField(
                        "iptables.localhostNodePorts",
                        OPTIONAL_FLAG,
                        NOT_YET,
                        "node ports are not served at loopback addresses",
                        List.of(false)),
                new ProxyField("iptables.syncPeriod", DURATION, NOT_APPLICABLE, PERIOD),
                new ProxyField("iptables.minSyncPeriod", DURATION, NOT_APPLICABLE, WATCHES),
                new ProxyField("ipvs.syncPeriod", DURATION, NOT_APPLICABLE, PERIOD),
                new ProxyField("ipvs.minSyncPeriod", DURATION, NOT_APPLICABLE, WATCHES),
                new ProxyField(
                        "ipvs.scheduler",
                        TEXT,
                        NOT_YET,
                        "rr is used instead of any other scheduler; --ipvs-scheduler takes precedence",
                        SCHEDULERS),
                new ProxyField(
                        "ipvs.excludeCIDRs",
                        TEXTS,
                        NOT_APPLICABLE,
                        "virtual servers without Fyr's mark are never touched, whatever their addresses"),
                new ProxyField(
                        "ipvs.strictARP",
                        FLAG,
                        HONOURED,
                        "with mode: ipvs, every link answers ARP for its own addresses only (arp_ignore 1, arp_announce 2); without it, for virtual addresses, too, but never for external and load balancer addresses, which are not local to a node"),
                new ProxyField("ipvs.tcpTimeout", DURATION, HONOURED, IPVS_TIMEOUT),
                new ProxyField("ipvs.tcpFinTimeout", DURATION, HONOURED, IPVS_TIMEOUT),
                new ProxyField("ipvs.udpTimeout", DURATION, HONOURED, IPVS_TIMEOUT),
                new ProxyField(
                        "nftables.masqueradeBit",
                        OPTIONAL_INTEGER,
                        NOT_APPLICABLE,
                        "no bit of the packet mark is used"),
                masqueradeAll("nftables"),
                new ProxyField("nftables.syncPeriod", DURATION, NOT_APPLICABLE, PERIOD),
                new ProxyField("nftables.minSyncPeriod", DURATION, NOT_APPLICABLE, WATCHES),
                new ProxyField("winkernel.networkName", TEXT, NOT_APPLICABLE, WINDOWS),
                new ProxyField("winkernel.sourceVip", TEXT, NOT_APPLICABLE, WINDOWS),
                new ProxyField("winkernel.enableDSR", FLAG, NOT_APPLICABLE, WINDOWS),
                new ProxyField("winkernel.rootHnsEndpointName", TEXT, NOT_APPLICABLE, WINDOWS),
                new ProxyField("winkernel.forwardHealthCheckVip", FLAG, NOT_APPLICABLE, WINDOWS));
    }

    private static ProxyField masqueradeAll(String section) {
        return new ProxyField(
                section + ".masqueradeAll",
                FLAG,
                HONOURED,
                "connections to virtual addresses are masqueraded wherever they begin");
    }

    private static List<ProxyField> traffic() {
        return List.of(
                new ProxyField("detectLocalMode", TEXT, HONOURED, LOCAL),
                new ProxyField("detectLocal.bridgeInterface", TEXT, HONOURED, LOCAL),
                new ProxyField("detectLocal.interfaceNamePrefix", TEXT, HONOURED, LOCAL),
                new ProxyField(
                        "clusterCIDR",
                        TEXT,
                        HONOURED,
                        "traffic to these prefixes is not masqueraded, as with --cluster-cidr, which may add others"),
                new ProxyField("nodePortAddresses", TEXTS, HONOURED, "never at loopback addresses"));
    }

    private static List<ProxyField> conntrack() {
        return List.of(
                new ProxyField(
                        "oomScoreAdj",
                        OPTIONAL_INTEGER,
                        HONOURED,
                        "the agent's own process; -999 if the field is absent, as with kube-proxy"),
                new ProxyField("conntrack.maxPerCore", OPTIONAL_INTEGER, HONOURED, TABLE_SIZE),
                new ProxyField("conntrack.min", OPTIONAL_INTEGER, HONOURED, TABLE_SIZE),
                new ProxyField("conntrack.tcpEstablishedTimeout", OPTIONAL_DURATION, HONOURED, TIMEOUT),
                new ProxyField("conntrack.tcpCloseWaitTimeout", OPTIONAL_DURATION, HONOURED, TIMEOUT),
                new ProxyField("conntrack.tcpBeLiberal", FLAG, NOT_APPLICABLE, LIBERAL, List.of(true)),
                new ProxyField("conntrack.udpTimeout", DURATION, HONOURED, TIMEOUT),
                new ProxyField("conntrack.udpStreamTimeout", DURATION, HONOURED, TIMEOUT));
    }

    private static List<ProxyField> rest() {
        return List.of(
                new ProxyField("configSyncPeriod", DURATION, NOT_APPLICABLE, WATCHES),
                new ProxyField("portRange", TEXT, NOT_APPLICABLE, "kube-proxy does not use it either"),
                new ProxyField("windowsRunAsService", FLAG, NOT_APPLICABLE, WINDOWS));
    }

    /** All of them, in the order of kube-proxy's documentation. */
    public static Collection<ProxyField> all() {
        return ALL;
    }

    static Optional<ProxyField> of(String path) {
        return Optional.ofNullable(BY_PATH.get(path));
    }

    /** Whether fields have paths that begin with this name and a dot. */
    static boolean isSection(String name) {
        return SECTIONS.contains(name);
    }

    /** Where an unknown field probably belongs: fields of the same name elsewhere, whatever the case of its letters. */
    static Optional<ProxyField> meant(String name) {
        return ALL.stream().filter(field -> field.name().equalsIgnoreCase(name)).findFirst();
    }
}
