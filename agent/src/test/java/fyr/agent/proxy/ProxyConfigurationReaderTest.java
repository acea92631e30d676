package fyr.agent.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyConfigurationReaderTest {

    private static ProxyReading read(String fields) {
        return ProxyConfigurationReader.read(WrittenConfigurations.of(fields), "f");
    }

    private static Map<String, Remark> remarks(ProxyReading reading) {
        return reading.remarks().stream().collect(Collectors.toMap(Remark::field, Function.identity()));
    }

    private static Remark remark(ProxyReading reading, String field) {
        return reading.remarks().stream()
                .filter(remark -> remark.field().equals(field))
                .findFirst()
                .orElseThrow();
    }

    /** The article writes strictARP at the top level, where it means nothing, and an apiVersion that no program knows. */
    @Test
    void theFileOfTheArticle() {
        ProxyReading reading = ProxyConfigurationReader.read("""
                apiVersion: kubecfg.k8s.io/v1alpha1
                kind: KubeProxyConfiguration
                mode: "ipvs"
                ipvs:
                strictARP: true
                """, "f");
        assertThat(reading.configuration().mode()).contains(ProxyMode.IPVS);
        assertThat(reading.configuration().ipvs().strictArp()).isFalse();
        assertThat(remarks(reading)).containsOnlyKeys("apiVersion", "mode", "strictARP");
        assertThat(remark(reading, "strictARP").treatment()).isEqualTo(Treatment.UNKNOWN);
        assertThat(remark(reading, "strictARP").position()).isEqualTo("f:5");
        assertThat(remark(reading, "strictARP").text()).contains("no effect", "indented below 'ipvs:'");
        assertThat(remark(reading, "apiVersion").text()).contains("kubecfg.k8s.io/v1alpha1", "kubeproxy.config.k8s.io");
        assertThat(remark(reading, "mode").treatment()).isEqualTo(Treatment.HONOURED);
    }

    /** What the kernel of a node without the scheduler does is not the configuration's fault; what Fyr does not know is named here. */
    @Test
    void aSchedulerThatFyrDoesNotHaveIsReplaced() {
        for (String known : List.of("rr", "wrr", "lc", "wlc", "sh", "mh")) {
            ProxyReading reading = read("mode: ipvs\nipvs: {scheduler: " + known + "}\n");
            assertThat(remark(reading, "ipvs.scheduler").treatment()).isEqualTo(Treatment.HONOURED);
            assertThat(reading.configuration().ipvs().scheduler()).isEqualTo(known);
        }
        for (String other : List.of("dh", "sed", "nq")) {
            ProxyReading reading = read("mode: ipvs\nipvs: {scheduler: " + other + "}\n");
            assertThat(remark(reading, "ipvs.scheduler").text())
                    .isEqualTo(
                            "ipvs.scheduler: not supported yet: rr is used instead of any other scheduler; --ipvs-scheduler takes precedence");
        }
    }

    @Test
    void virtualServersOfOthersNeedNoExclusion() {
        ProxyReading reading = read("mode: ipvs\nipvs: {excludeCIDRs: [192.0.2.0/24]}\n");
        assertThat(remark(reading, "ipvs.excludeCIDRs").treatment()).isEqualTo(Treatment.NOT_APPLICABLE);
    }

    @Test
    void strictArpWhereItBelongs() {
        ProxyReading reading = read("mode: ipvs\nipvs:\n  strictARP: true\n");
        assertThat(reading.configuration().ipvs().strictArp()).isTrue();
        assertThat(remarks(reading)).containsOnlyKeys("mode", "ipvs.strictARP");
    }

    /** As kubeadm and kube-proxy write them: fields with their zero value are not set. */
    @Test
    void whatIsAbsentHasKubeProxysDefaults() {
        ProxyReading reading = read(WrittenConfigurations.KUBEADM);
        assertThat(reading.remarks()).noneMatch(remark -> remark.treatment() == Treatment.UNKNOWN);
        assertThat(remarks(reading)).containsOnlyKeys("bindAddress", "clientConnection.kubeconfig", "clusterCIDR");
        ProxyConfiguration read = reading.configuration();
        assertThat(read)
                .isEqualTo(new ProxyConfiguration(
                        Optional.empty(),
                        Optional.empty(),
                        List.of(Prefix.parse("10.244.0.0/16"), Prefix.parse("fd00:10:244::/56")),
                        new LocalTraffic.FromClusterCidr(
                                List.of(Prefix.parse("10.244.0.0/16"), Prefix.parse("fd00:10:244::/56"))),
                        NodePortAddresses.UNSET,
                        false,
                        new Conntrack(
                                32768,
                                131072,
                                Duration.ofHours(24),
                                Duration.ofHours(1),
                                false,
                                Duration.ZERO,
                                Duration.ZERO),
                        new Ipvs("rr", List.of(), false, Duration.ZERO, Duration.ZERO, Duration.ZERO),
                        new ProxyConfiguration.Servers(
                                new InetSocketAddress("0.0.0.0", 10256),
                                new InetSocketAddress("127.0.0.1", 10249),
                                false,
                                Duration.ofMinutes(1)),
                        -999));
    }

    @Test
    void allThatIsSetArrives() {
        ProxyConfiguration read = read("""
                mode: ipvs
                bindAddress: "::"
                hostnameOverride: node7
                metricsBindAddress: "[fd00::1]:1234"
                bindAddressHardFail: yes
                iptables: { masqueradeAll: true }
                detectLocalMode: InterfaceNamePrefix
                detectLocal: { interfaceNamePrefix: veth }
                nodePortAddresses: [ primary, 10.0.0.0/8, "fd00::/8" ]
                oomScoreAdj: 0
                conntrack: { maxPerCore: 0, min: 5, tcpEstablishedTimeout: 2h, tcpCloseWaitTimeout: 1m30s, tcpBeLiberal: true,
                  udpTimeout: 1.5s, udpStreamTimeout: 100ms }
                ipvs: { scheduler: mh, excludeCIDRs: [ 192.0.2.0/24 ], tcpTimeout: 1s, tcpFinTimeout: 2s, udpTimeout: 3s }
                """).configuration();
        assertThat(read.servers())
                .isEqualTo(new ProxyConfiguration.Servers(
                        new InetSocketAddress("::", 10256),
                        new InetSocketAddress("fd00::1", 1234),
                        true,
                        Duration.ofMinutes(1)));
        assertThat(read.hostnameOverride()).contains("node7");
        assertThat(read.masqueradeAll()).isTrue();
        assertThat(read.localTraffic()).isEqualTo(new LocalTraffic.FromLinks("veth"));
        assertThat(read.nodePortAddresses())
                .isEqualTo(new NodePortAddresses(
                        Set.of(NodePortAddresses.Keyword.PRIMARY),
                        List.of(Prefix.parse("10.0.0.0/8"), Prefix.parse("fd00::/8"))));
        assertThat(read.oomScoreAdjust()).isZero();
        assertThat(read.conntrack())
                .isEqualTo(new Conntrack(
                        0,
                        5,
                        Duration.ofHours(2),
                        Duration.ofSeconds(90),
                        true,
                        Duration.ofMillis(1500),
                        Duration.ofMillis(100)));
        assertThat(read.ipvs())
                .isEqualTo(new Ipvs(
                        "mh",
                        List.of(Prefix.parse("192.0.2.0/24")),
                        false,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3)));
    }

    /** nftables has a masqueradeAll of its own; all other modes read that of iptables. */
    @ParameterizedTest
    @CsvSource({
        "nftables, nftables, true",
        "nftables, iptables, false",
        "ipvs, iptables, true",
        "iptables, nftables, false"
    })
    void masqueradeAllBelongsToTheMode(String mode, String section, boolean masquerade) {
        assertThat(read("mode: " + mode + "\n" + section + ": { masqueradeAll: true }\n")
                        .configuration()
                        .masqueradeAll())
                .isEqualTo(masquerade);
    }

    /** Each line: what is written, the line that is named, and what the message says. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mode: foo                                          | 3 | mode must be iptables, ipvs or nftables",
                "mode: [ipvs]                                       | 3 | mode must be a text",
                "mode: kernelspace                                  | 3 | mode must be",
                "clusterCIDR: 10.0.0.0                              | 3 | clusterCIDR must be a prefix",
                "clusterCIDR: 10.0.0.0/33                           | 3 | clusterCIDR must be a prefix",
                "clusterCIDR: '10.0.0.0/8,11.0.0.0/8'               | 3 | one prefix of each family",
                "clusterCIDR: '10.0.0.0/8,'                         | 3 | clusterCIDR must be a prefix",
                "conntrack: {maxPerCore: -1}                        | 3 | conntrack.maxPerCore must be within 0..",
                "conntrack: {maxPerCore: 3000000000}                | 3 | conntrack.maxPerCore must be an integer",
                "conntrack: {min: many}                             | 3 | conntrack.min must be an integer, not 'many'",
                "conntrack: {udpTimeout: 30}                        | 3 | conntrack.udpTimeout must be a duration",
                "conntrack: {udpTimeout: -30s}                      | 3 | conntrack.udpTimeout must not be negative",
                "conntrack: 7                                       | 3 | conntrack must be a section",
                "iptables: {masqueradeBit: 32}                      | 3 | iptables.masqueradeBit must be within 0..31",
                "iptables: {masqueradeAll: 1}                       | 3 | iptables.masqueradeAll must be true or false",
                "oomScoreAdj: -1001                                 | 3 | oomScoreAdj must be within -1000..1000",
                "nodePortAddresses: 10.0.0.0/8                      | 3 | nodePortAddresses must be a list",
                "nodePortAddresses: [primary, primary]              | 3 | nodePortAddresses[1] repeats primary",
                "nodePortAddresses: [everywhere]                    | 3 | nodePortAddresses[0] must be a prefix",
                "bindAddress: node                                  | 3 | bindAddress must be an IP address",
                "healthzBindAddress: '0.0.0.0:0'                    | 3 | healthzBindAddress must be ADDRESS:PORT",
                "healthzBindAddress: '0.0.0.0:65536'                | 3 | healthzBindAddress must be ADDRESS:PORT",
                "metricsBindAddress: 'localhost:10249'              | 3 | metricsBindAddress must be ADDRESS:PORT",
                "detectLocalMode: Guess                             | 3 | detectLocalMode must be ClusterCIDR",
                "detectLocalMode: BridgeInterface                   | 3 | needs the field detectLocal.bridgeInterface",
                "clientConnection: {burst: -1}                      | 3 | clientConnection.burst must not be negative",
                "featureGates: {A: maybe}                           | 3 | featureGates must be a mapping",
                "configSyncPeriod: -1s                              | 3 | configSyncPeriod must not be negative",
                "iptables: {minSyncPeriod: 31s}                     | 3 | must not be above iptables.syncPeriod",
            })
    void wrongValuesAreNamedWithTheirLine(String fields, int line, String what) {
        assertThatThrownBy(() -> read(fields))
                .isInstanceOf(ProxyConfigurationException.class)
                .hasMessageStartingWith("f:" + line + ": ")
                .hasMessageContaining(what)
                .message()
                .doesNotContain("\n");
    }

    /** kube-proxy does not look at these in another mode. */
    @Test
    void valuesForIpvsMatterOnlyThere() {
        String wrong = "ipvs: { excludeCIDRs: [ nonsense ], scheduler: 'R R', tcpTimeout: -1s }\n";
        assertThat(read("mode: iptables\n" + wrong).configuration().ipvs().excludeCidrs())
                .isEmpty();
        assertThatThrownBy(() -> read("mode: ipvs\n" + wrong)).hasMessageContaining("ipvs.excludeCIDRs[0]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "- a\n",
                "kind: Pod\napiVersion: v1\n",
                "apiVersion: v1\n",
                "a: &a [*a]\n",
                "\"",
                "{\"kind\": 1}"
            })
    void whatIsNoConfigurationIsRefusedInOneLine(String text) {
        assertThatThrownBy(() -> ProxyConfigurationReader.read(text, "f"))
                .isInstanceOf(ProxyConfigurationException.class)
                .hasMessageStartingWith("f")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void unknownFieldsWithoutEndAreCounted() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i < 1000; i++) {
            fields.append("x").append(i).append(": 1\n");
        }
        ProxyReading reading = read(fields.toString());
        assertThat(reading.remarks()).hasSize(ProxyReading.MOST_REMARKS);
        assertThat(reading.leftOut()).isEqualTo(1000 - ProxyReading.MOST_REMARKS);
    }

    /** As in pkg/proxy/util/nodeport_addresses.go: a family that no entry names is served everywhere. */
    @Test
    void nodePortAddressesSelect() {
        Optional<IpAddress> primary = Optional.of(IpAddress.parse("192.0.2.1"));
        IpAddress other = IpAddress.parse("198.51.100.1");
        IpAddress six = IpAddress.parse("2001:db8::1");
        NodePortAddresses first =
                read("nodePortAddresses: [primary]").configuration().nodePortAddresses();
        assertThat(first.select(primary.get(), primary)).isTrue();
        assertThat(first.select(other, primary)).isFalse();
        assertThat(first.select(six, Optional.empty())).isTrue();
        NodePortAddresses block =
                read("nodePortAddresses: [198.51.100.0/24]").configuration().nodePortAddresses();
        assertThat(block.select(other, primary)).isTrue();
        assertThat(block.select(primary.get(), primary)).isFalse();
        assertThat(block.select(six, Optional.empty())).isTrue();
        NodePortAddresses loopback =
                read("nodePortAddresses: [localhost]").configuration().nodePortAddresses();
        assertThat(loopback.select(six, Optional.empty())).isFalse();
        assertThat(loopback.select(IpAddress.parse("::1"), Optional.empty())).isTrue();
        assertThat(NodePortAddresses.UNSET.select(other, primary)).isTrue();
    }
}
