package fyr.kernel.linux.iptables;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Delta;
import fyr.kernel.KernelException;
import fyr.kernel.iptables.OurChains;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtKey.ChainKey;
import fyr.kernel.iptables.XtKey.JumpKey;
import fyr.kernel.iptables.XtMatch;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.iptables.XtTarget;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chains in both implementations of iptables, seen by the programs that others use. */
class IptablesTableKernelIT {

    private static final XtMatch TCP = new XtMatch.OfProtocol(Protocol.TCP);
    private static final String SEP = "KUBE-SEP-UKSFD7AGPMPPLUHC";
    private static final ChainKey CHAIN = new ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SVC-A");
    private static final XtRule WAY =
            new XtRule("kubernetes service portals", List.of(), new XtTarget.Jump(OurChains.SERVICES));
    private static final JumpKey JUMP = new JumpKey(Family.IPV4, XtTable.NAT, "PREROUTING", WAY);

    private final NetworkNamespace here = NetworkNamespace.current();
    private String variant = "";

    @AfterEach
    void end() {
        for (String command : List.of("iptables", "ip6tables")) {
            for (String each : List.of("nft", "legacy")) {
                for (String table : List.of("nat", "filter", "mangle")) {
                    String at = command + "-" + each + " -w 5 -t " + table;
                    sh(at + " -F && " + at + " -X");
                }
            }
        }
        here.close();
    }

    /** The kubelet's hint makes the table choose this variant. */
    private IptablesTable table(String wanted) {
        variant = wanted;
        sh("iptables-" + wanted + " -w 5 -t mangle -N KUBE-IPTABLES-HINT");
        return new IptablesTable(here);
    }

    private String saved() {
        return sh("iptables-" + variant + "-save; ip6tables-" + variant + "-save");
    }

    private static XtEntry chain(XtRule... rules) {
        return new XtEntry.Chain(List.of(rules));
    }

    private static SortedMap<XtKey, XtEntry> plan() {
        TreeMap<XtKey, XtEntry> plan = new TreeMap<>();
        for (Family family : Family.values()) {
            boolean isFour = family == Family.IPV4;
            IpAddress endpoint = IpAddress.parse(isFour ? "10.0.0.1" : "fd00::1");
            Prefix source = Prefix.parse(isFour ? "10.0.0.0/8" : "fd00::/8");
            for (XtTable table : XtTable.values()) {
                plan.put(new ChainKey(family, table, OurChains.MARKER), chain());
            }
            plan.put(
                    new ChainKey(family, XtTable.FILTER, OurChains.EXTERNAL_SERVICES),
                    chain(
                            new XtRule(
                                    "ns/svc:p80 has no endpoints",
                                    List.of(TCP, new XtMatch.DestinationPort(80), new XtMatch.DestinationIsLocal()),
                                    new XtTarget.Reject(true)),
                            new XtRule(List.of(), new XtTarget.Reject(false)),
                            new XtRule(
                                    List.of(new XtMatch.ConnectionState(
                                            new TreeSet<>(Set.of("RELATED", "ESTABLISHED")))),
                                    new XtTarget.Accept()),
                            new XtRule(List.of(new XtMatch.SourceIsLocal(false)), new XtTarget.Drop()),
                            new XtRule(List.of(new XtMatch.SourceIsLocal(true)), new XtTarget.Drop())));
            plan.put(
                    new ChainKey(family, XtTable.NAT, OurChains.MARK_MASQ),
                    chain(new XtRule(List.of(), new XtTarget.SetMark(0x4000, 0x4000))));
            plan.put(
                    new ChainKey(family, XtTable.NAT, OurChains.POSTROUTING),
                    chain(
                            new XtRule(List.of(new XtMatch.Mark(0x4000, 0x4000, true)), new XtTarget.Return()),
                            new XtRule(List.of(), new XtTarget.SetMark(0x4000, 0)),
                            new XtRule("snat", List.of(), new XtTarget.Masquerade())));
            plan.put(
                    new ChainKey(family, XtTable.NAT, OurChains.SERVICES),
                    chain(
                            new XtRule(
                                    "a -> b",
                                    List.of(new XtMatch.Source(source, true), new XtMatch.InputLink("br+", true)),
                                    new XtTarget.Jump("KUBE-SVC-A")),
                            new XtRule(
                                    List.of(
                                            new XtMatch.OfProtocol(Protocol.SCTP),
                                            new XtMatch.DestinationPort(65535),
                                            new XtMatch.Destination(Prefix.single(endpoint), false)),
                                    new XtTarget.Return()),
                            new XtRule("only a remark", List.of(), new XtTarget.Nothing())));
            plan.put(
                    new ChainKey(family, XtTable.NAT, "KUBE-SVC-A"),
                    chain(
                            new XtRule("s", List.of(new XtMatch.Remembered(SEP, 10800)), new XtTarget.Jump(SEP)),
                            new XtRule("s", List.of(XtMatch.Chance.oneIn(3)), new XtTarget.Jump(SEP)),
                            new XtRule("s", List.of(XtMatch.Chance.oneIn(2)), new XtTarget.Jump(SEP)),
                            new XtRule("s", List.of(XtMatch.Chance.oneIn(10_000)), new XtTarget.Jump(SEP))));
            plan.put(
                    new ChainKey(family, XtTable.NAT, SEP),
                    chain(new XtRule(
                            "s", List.of(TCP, new XtMatch.Remember(SEP)), new XtTarget.Translate(endpoint, 8080))));
            plan.put(new JumpKey(family, XtTable.NAT, "PREROUTING", WAY), XtEntry.Jump.ONCE);
        }
        return plan;
    }

    private static void apply(IptablesTable table, Map<XtKey, XtEntry> upserts, Set<? extends XtKey> deletes) {
        table.apply(new Delta<>(new TreeMap<>(upserts), new TreeSet<>(deletes)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void everyRuleIsReadAsItWasWrittenAndNothingRemains(String wanted) {
        IptablesTable table = table(wanted);
        assertThat(table.list()).isEmpty();
        apply(table, plan(), Set.of());
        assertThat(table.list()).isEqualTo(plan());
        assertThat(new IptablesTable(here).list()).as("another process").isEqualTo(plan());
        apply(table, Map.of(), plan().keySet());
        assertThat(table.list()).isEmpty();
        assertThat(saved()).doesNotContain("fyr").doesNotContain("KUBE-S").doesNotContain("-A ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void onlyWhatChangesIsWrittenAndOthersAreLeftAlone(String wanted) {
        IptablesTable table = table(wanted);
        sh("iptables-" + wanted + " -w 5 -t nat -N DOCKER && iptables-" + wanted
                + " -w 5 -t nat -A PREROUTING -j DOCKER && iptables-" + wanted + " -w 5 -N KUBE-FIREWALL");
        apply(table, plan(), Set.of());
        assertThat(saved()).containsSubsequence("-j KUBE-SERVICES", "-A PREROUTING -j DOCKER");
        apply(
                table,
                Map.of(CHAIN, chain(new XtRule("new", List.of(), new XtTarget.Return()))),
                Set.of(new ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SEP-NEVER")));
        assertThat(saved())
                .contains("-A KUBE-SVC-A -m comment --comment new -j RETURN")
                .contains("KUBE-FIREWALL");
        assertThat(table.list()).hasSize(plan().size());
        apply(table, Map.of(), plan().keySet());
        assertThat(saved()).contains("-A PREROUTING -j DOCKER").contains(":KUBE-FIREWALL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void whatOthersChangeIsSeenAndRepaired(String wanted) {
        IptablesTable table = table(wanted);
        apply(table, plan(), Set.of());
        String at = "iptables-" + wanted + " -w 5 -t nat ";
        sh(at + "-F KUBE-SVC-A && " + at + "-A KUBE-MARK-MASQ -j LOG && " + at
                + "-I PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES && " + at
                + "-N KUBE-SEP-STRANGE && ip6tables-" + wanted + " -w 5 -t nat -F PREROUTING");
        SortedMap<XtKey, XtEntry> found = table.list();
        assertThat(found.get(CHAIN)).isEqualTo(chain());
        assertThat(found.get(JUMP)).isEqualTo(new XtEntry.Jump(2));
        assertThat(found).doesNotContainKey(new JumpKey(Family.IPV6, XtTable.NAT, "PREROUTING", WAY));
        table.apply(Delta.between(found, fyr.model.persistent.PersistentMap.of(plan())));
        assertThat(table.list()).isEqualTo(plan());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aFlushIsNoticedSoon(String wanted) {
        table(wanted);
        AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
        IptablesTable table = new IptablesTable(here, clock::get);
        assertThat(table.seemsChanged()).as("nothing is there").isFalse();
        apply(table, plan(), Set.of());
        assertThat(table.seemsChanged()).isFalse();
        sh("ip6tables-" + wanted + " -w 5 -t nat -F");
        assertThat(table.seemsChanged()).as("asked a moment ago").isFalse();
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(table.seemsChanged()).isTrue();
        table.apply(Delta.between(table.list(), fyr.model.persistent.PersistentMap.of(plan())));
        clock.addAndGet(Duration.ofSeconds(10).toNanos());
        assertThat(table.seemsChanged()).isFalse();
        assertThat(table.list()).isEqualTo(plan());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aRefusalNamesTheLineAndLeavesTheTableAsItWas(String wanted) {
        IptablesTable table = table(wanted);
        apply(table, plan(), Set.of());
        XtRule nowhere = new XtRule(List.of(), new XtTarget.Jump("KUBE-SVC-NOWHERE"));
        assertThatThrownBy(() -> apply(table, Map.of(CHAIN, chain(nowhere)), Set.of()))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("KUBE-SVC-NOWHERE")
                .hasMessageStartingWith("iptables-" + wanted + "-restore: ");
        assertThat(table.list()).isEqualTo(plan());
    }

    /** One that the program refuses, and one that the kernel refuses: addresses are translated in the table nat alone. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aRefusedRuleDoesNotKeepTheOthersAway(String wanted) {
        IptablesTable table = table(wanted);
        apply(table, plan(), Set.of());
        XtRule longName = new XtRule(
                "bad", List.of(new XtMatch.InputLink("a-name-of-more-than-15", false)), new XtTarget.Return());
        XtRule misplaced =
                new XtRule("worse", List.of(TCP), new XtTarget.Translate(IpAddress.parse("10.244.0.9"), 8080));
        XtRule good = new XtRule("good", List.of(), new XtTarget.Jump("KUBE-SVC-NEW"));
        XtRule other = new XtRule("other", List.of(TCP), new XtTarget.Return());
        ChainKey added = new ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SVC-NEW");
        ChainKey filter = new ChainKey(Family.IPV4, XtTable.FILTER, OurChains.EXTERNAL_SERVICES);
        assertThatThrownBy(() -> apply(
                        table,
                        Map.of(
                                CHAIN,
                                chain(good, longName, other),
                                added,
                                chain(other),
                                filter,
                                chain(misplaced, other)),
                        Set.of()))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("everything else is written")
                .hasMessageContaining("--comment \"worse\"")
                .hasMessageContaining("and 1 more");
        assertThat(table.list())
                .containsEntry(CHAIN, chain(good, other))
                .containsEntry(added, chain(other))
                .containsEntry(filter, chain(other))
                .doesNotContainKey(new ChainKey(Family.IPV4, XtTable.NAT, "fyr-trial"));
        table.apply(Delta.between(table.list(), fyr.model.persistent.PersistentMap.of(plan())));
        assertThat(table.list()).isEqualTo(plan());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void chainsOfKubeProxyAreNeitherReplacedNorListed(String wanted) {
        IptablesTable table = table(wanted);
        sh("iptables-" + wanted + " -w 5 -t nat -N KUBE-SERVICES && iptables-" + wanted
                + " -w 5 -t nat -A KUBE-SERVICES -j RETURN");
        assertThat(table.list()).isEmpty();
        assertThatThrownBy(() -> apply(table, plan(), Set.of()))
                .hasMessageStartingWith(
                        "iptables nat: the chain KUBE-SERVICES is there and is not Fyr's; stop kube-proxy");
        assertThat(saved()).contains("-A KUBE-SERVICES -j RETURN");
        sh("iptables-" + wanted + " -w 5 -t nat -F && iptables-" + wanted + " -w 5 -t nat -X");
        SortedMap<XtKey, XtEntry> found = table.list();
        table.apply(Delta.between(found, fyr.model.persistent.PersistentMap.of(plan())));
        assertThat(table.list()).isEqualTo(plan());
    }

    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aRestartStaysWithTheVariantThatHasTheChains(String wanted) {
        IptablesTable table = table(wanted);
        apply(table, plan(), Set.of());
        String other = wanted.equals("nft") ? "legacy" : "nft";
        sh("iptables-" + wanted + " -w 5 -t mangle -X KUBE-IPTABLES-HINT");
        sh("iptables-" + other + " -w 5 -t mangle -N KUBE-IPTABLES-HINT");
        IptablesTable restarted = new IptablesTable(here);
        assertThat(restarted.list()).isEqualTo(plan());
        apply(restarted, Map.of(), plan().keySet());
        assertThat(saved()).doesNotContain("KUBE-S");
    }

    /** The program reads to the end before it changes a table; a table changes wholly or not at all. */
    @ParameterizedTest
    @ValueSource(strings = {"nft", "legacy"})
    void aProcessThatIsKilledLeavesWhatTheNextOneRepairs(String wanted) throws Exception {
        table(wanted);
        String text = fyr.kernel.iptables.RestoreText.of(Family.IPV4, plan());
        for (int length = 0; length < text.length(); length += 97) {
            Process process = new ProcessBuilder("iptables-" + wanted + "-restore", "--noflush", "-w", "5")
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().write(text.substring(0, length).getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            process.destroyForcibly().waitFor();
        }
        IptablesTable table = new IptablesTable(here);
        table.apply(Delta.between(table.list(), fyr.model.persistent.PersistentMap.of(plan())));
        assertThat(table.list()).isEqualTo(plan());
    }
}
