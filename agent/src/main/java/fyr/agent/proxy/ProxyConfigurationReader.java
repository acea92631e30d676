package fyr.agent.proxy;

import fyr.cluster.manifest.Manifest;
import fyr.cluster.manifest.ManifestException;
import fyr.cluster.manifest.Manifests;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a KubeProxyConfiguration as kube-proxy 1.37 does: the same defaults (pkg/proxy/apis/config/v1alpha1/defaults.go) and the same
 * wrong values (pkg/proxy/apis/config/validation/validation.go). An {@link ProxyConfigurationException} about wrong values has one line with file,
 * line and field.
 */
public final class ProxyConfigurationReader {

    private static final String API_VERSION = "kubeproxy.config.k8s.io/v1alpha1";
    private static final String KIND = "KubeProxyConfiguration";
    private static final int HEALTH_PORT = 10256;
    private static final int METRICS_PORT = 10249;
    private static final int OOM_SCORE_ADJUST = -999;
    private static final Duration SYNC_PERIOD = Duration.ofSeconds(30);
    private static final String CIDR = "a prefix such as 10.244.0.0/16 or fd00:10:244::/56";

    private final ProxyDocument document;

    private ProxyConfigurationReader(ProxyDocument document) {
        this.document = document;
    }

    /** Reads a file. */
    public static ProxyReading read(Path file) {
        try {
            return only(Manifests.read(file), file.toString());
        } catch (ManifestException e) {
            throw new ProxyConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Reads a text; {@code source} is its name in messages. */
    public static ProxyReading read(String text, String source) {
        try {
            return only(Manifests.parse(text, source), source);
        } catch (ManifestException e) {
            throw new ProxyConfigurationException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ProxyReading only(List<Manifest> manifests, String source) {
        if (manifests.size() != 1) {
            throw new ProxyConfigurationException(
                    source + ": one " + KIND + " is expected, but there are " + manifests.size() + " objects");
        }
        Manifest manifest = manifests.getFirst();
        if (!manifest.kind().equals(KIND)) {
            throw new ProxyConfigurationException(manifest.position("kind") + ": kind must be " + KIND + ", not "
                    + ProxyDocument.quoted(manifest.kind()));
        }
        ProxyDocument document = new ProxyDocument(manifest);
        if (!manifest.apiVersion().equals(API_VERSION)) {
            document.remark(
                    "apiVersion",
                    Treatment.UNKNOWN,
                    ProxyDocument.quoted(manifest.apiVersion()) + " is read as " + API_VERSION
                            + "; kube-proxy would refuse it");
        }
        ProxyConfiguration configuration = new ProxyConfigurationReader(document).configuration();
        return new ProxyReading(configuration, document.source(), document.remarks(), document.leftOut());
    }

    private ProxyConfiguration configuration() {
        Optional<ProxyMode> mode = mode();
        limits(mode);
        List<Prefix> clusterCidrs = clusterCidrs();
        // In mode ipvs, too, and without a mode (v1alpha1/conversion.go).
        String section = mode.equals(Optional.of(ProxyMode.NFTABLES)) ? "nftables" : "iptables";
        return new ProxyConfiguration(
                mode,
                Optional.of(document.text("hostnameOverride").strip()).filter(name -> !name.isEmpty()),
                clusterCidrs,
                localTraffic(clusterCidrs),
                nodePortAddresses(),
                document.flag(section + ".masqueradeAll", false),
                conntrack(),
                ipvs(mode.equals(Optional.of(ProxyMode.IPVS))),
                servers(mode),
                document.integer("oomScoreAdj", OOM_SCORE_ADJUST, -1000, 1000));
    }

    private Optional<ProxyMode> mode() {
        String text = document.text("mode");
        return switch (text) {
            case "" -> Optional.empty();
            case "iptables" -> Optional.of(ProxyMode.IPTABLES);
            case "ipvs" -> Optional.of(ProxyMode.IPVS);
            case "nftables" -> Optional.of(ProxyMode.NFTABLES);
            default ->
                throw document.error(
                        "mode", "must be iptables, ipvs or nftables, or absent, not " + ProxyDocument.quoted(text));
        };
    }

    /** Numbers that must be within limits although nothing is done with them. */
    private void limits(Optional<ProxyMode> mode) {
        document.integer("iptables.masqueradeBit", 0, 0, 31);
        if (mode.equals(Optional.of(ProxyMode.NFTABLES))) {
            document.integer("nftables.masqueradeBit", 0, 0, 31);
        }
        document.nonNegative("clientConnection.burst");
        document.duration("configSyncPeriod", Duration.ZERO);
        String section = mode.map(ProxyMode::section).orElse("iptables");
        Duration least = document.duration(section + ".minSyncPeriod", Duration.ZERO);
        if (least.compareTo(syncPeriod(section)) > 0) {
            throw document.error(section + ".minSyncPeriod", "must not be above " + section + ".syncPeriod");
        }
    }

    private Duration syncPeriod(String section) {
        Duration period = document.duration(section + ".syncPeriod", Duration.ZERO);
        return period.isZero() ? SYNC_PERIOD : period;
    }

    private List<Prefix> clusterCidrs() {
        String text = document.text("clusterCIDR");
        if (text.isEmpty()) {
            return List.of();
        }
        List<Prefix> prefixes = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            prefixes.add(prefix("clusterCIDR", each.strip()));
        }
        for (Family family : Family.values()) {
            if (prefixes.stream().filter(prefix -> prefix.family() == family).count() > 1) {
                throw document.error(
                        "clusterCIDR",
                        "may have one prefix of each family, separated by a comma, not " + ProxyDocument.quoted(text));
            }
        }
        return prefixes;
    }

    private Prefix prefix(String path, String text) {
        try {
            return Prefix.parse(decimal(text));
        } catch (IllegalArgumentException e) {
            throw document.error(path, "must be " + CIDR + ", not " + ProxyDocument.quoted(text));
        }
    }

    /** kube-proxy reads 010.0.0.0 as 10.0.0.0 (ParseCIDRSloppy). */
    private static String decimal(String text) {
        return text.contains(":") ? text : text.replaceAll("(^|\\.)0+(?=[0-9])", "$1");
    }

    private LocalTraffic localTraffic(List<Prefix> clusterCidrs) {
        String mode = document.text("detectLocalMode");
        return switch (mode) {
            case "", "ClusterCIDR" -> new LocalTraffic.FromClusterCidr(clusterCidrs);
            case "NodeCIDR" -> new LocalTraffic.FromNodeCidr();
            case "BridgeInterface" -> new LocalTraffic.FromBridge(link("detectLocal.bridgeInterface", mode));
            case "InterfaceNamePrefix" -> new LocalTraffic.FromLinks(link("detectLocal.interfaceNamePrefix", mode));
            default ->
                throw document.error(
                        "detectLocalMode",
                        "must be ClusterCIDR, NodeCIDR, BridgeInterface or InterfaceNamePrefix, not "
                                + ProxyDocument.quoted(mode));
        };
    }

    /** A name of a link has at most 15 bytes, and neither blanks nor slashes (dev_valid_name in the kernel). */
    private String link(String path, String mode) {
        String name = document.text(path);
        if (!name.matches("[!-.0-9;-~]{1,15}")) {
            throw document.error(
                    name.isEmpty() ? "detectLocalMode" : path,
                    name.isEmpty()
                            ? mode + " needs the field " + path
                            : "must be (the beginning of) the name of a link, at most 15 characters, not "
                                    + ProxyDocument.quoted(name));
        }
        return name;
    }

    private NodePortAddresses nodePortAddresses() {
        String path = "nodePortAddresses";
        Set<NodePortAddresses.Keyword> keywords = EnumSet.noneOf(NodePortAddresses.Keyword.class);
        List<Prefix> blocks = new ArrayList<>();
        List<String> entries = document.texts(path);
        for (int i = 0; i < entries.size(); i++) {
            String entry = entries.get(i);
            String at = path + "[" + i + "]";
            Optional<NodePortAddresses.Keyword> keyword = NodePortAddresses.Keyword.of(entry);
            if (keyword.isPresent() && !keywords.add(keyword.get())) {
                throw document.error(at, "repeats " + entry + "; name it once");
            } else if (keyword.isEmpty()) {
                blocks.add(block(at, entry));
            }
        }
        return new NodePortAddresses(keywords, blocks);
    }

    private Prefix block(String at, String entry) {
        try {
            return Prefix.parse(decimal(entry));
        } catch (IllegalArgumentException e) {
            throw document.error(
                    at, "must be " + CIDR + ", or primary, localhost or all, not " + ProxyDocument.quoted(entry));
        }
    }

    private Conntrack conntrack() {
        return new Conntrack(
                document.integer("conntrack.maxPerCore", 32 << 10, 0, Integer.MAX_VALUE),
                document.integer("conntrack.min", 128 << 10, 0, Integer.MAX_VALUE),
                document.duration("conntrack.tcpEstablishedTimeout", Duration.ofHours(24)),
                document.duration("conntrack.tcpCloseWaitTimeout", Duration.ofHours(1)),
                document.flag("conntrack.tcpBeLiberal", false),
                document.duration("conntrack.udpTimeout", Duration.ZERO),
                document.duration("conntrack.udpStreamTimeout", Duration.ZERO));
    }

    /** kube-proxy looks at these values in mode ipvs only: a configuration that works with it must not be refused here. */
    private Ipvs ipvs(boolean used) {
        if (!used) {
            return new Ipvs("rr", List.of(), false, Duration.ZERO, Duration.ZERO, Duration.ZERO);
        }
        List<Prefix> excluded = new ArrayList<>();
        List<String> texts = document.texts("ipvs.excludeCIDRs");
        for (int i = 0; i < texts.size(); i++) {
            excluded.add(prefix("ipvs.excludeCIDRs[" + i + "]", texts.get(i)));
        }
        String scheduler = document.text("ipvs.scheduler");
        // IP_VS_SCHEDNAME_MAXLEN is 16, with the zero at the end.
        if (!scheduler.matches("[a-z0-9_]{0,15}")) {
            throw document.error(
                    "ipvs.scheduler",
                    "must be the name of a scheduler such as rr or lc, not " + ProxyDocument.quoted(scheduler));
        }
        return new Ipvs(
                scheduler.isEmpty() ? "rr" : scheduler,
                excluded,
                document.flag("ipvs.strictARP", false),
                document.duration("ipvs.tcpTimeout", Duration.ZERO),
                document.duration("ipvs.tcpFinTimeout", Duration.ZERO),
                document.duration("ipvs.udpTimeout", Duration.ZERO));
    }

    private ProxyConfiguration.Servers servers(Optional<ProxyMode> mode) {
        String bind = document.text("bindAddress");
        boolean ipv6 = !bind.isEmpty() && address("bindAddress", bind).family() == Family.IPV6;
        return new ProxyConfiguration.Servers(
                server("healthzBindAddress", ipv6 ? "::" : "0.0.0.0", HEALTH_PORT),
                server("metricsBindAddress", ipv6 ? "::1" : "127.0.0.1", METRICS_PORT),
                document.flag("bindAddressHardFail", false),
                syncPeriod(mode.map(ProxyMode::section).orElse("iptables")).multipliedBy(2));
    }

    private InetSocketAddress server(String path, String address, int port) {
        String text = document.text(path);
        if (text.isEmpty()) {
            return new InetSocketAddress(address, port);
        }
        try {
            return SocketText.parse(text, port);
        } catch (IllegalArgumentException e) {
            throw document.error(path, String.valueOf(e.getMessage()));
        }
    }

    private IpAddress address(String path, String text) {
        try {
            return IpAddress.parse(decimal(text));
        } catch (IllegalArgumentException e) {
            throw document.error(path, "must be an IP address, not " + ProxyDocument.quoted(text));
        }
    }
}
