package fyr.kernel.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import fyr.kernel.iptables.XtKey.ChainKey;
import fyr.kernel.iptables.XtKey.JumpKey;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is written is read again as the same, and what others write is not taken for ours. */
class XtTextTest {

    private static final XtMatch TCP = new XtMatch.OfProtocol(Protocol.TCP);
    private static final String SEP = "KUBE-SEP-UKSFD7AGPMPPLUHC";
    private static final XtRule WAY =
            new XtRule("kubernetes service portals", List.of(), new XtTarget.Jump(OurChains.SERVICES));

    private static final List<XtRule> RULES = List.of(
            new XtRule(List.of(), new XtTarget.SetMark(0x4000, 0)),
            new XtRule("a remark", List.of(), new XtTarget.Nothing()),
            new XtRule(List.of(new XtMatch.Mark(0x4000, 0x4000, true)), new XtTarget.Return()),
            new XtRule("x", List.of(), new XtTarget.Masquerade()),
            new XtRule(List.of(new XtMatch.InputLink("br+", true), TCP), new XtTarget.Accept()),
            new XtRule(
                    "ns/svc:p80 has no endpoints",
                    List.of(
                            TCP,
                            new XtMatch.DestinationPort(80),
                            new XtMatch.Destination(Prefix.parse("fd00::1/128"), false),
                            new XtMatch.DestinationIsLocal()),
                    new XtTarget.Reject(false)),
            new XtRule(
                    List.of(
                            new XtMatch.Source(Prefix.parse("10.0.0.0/8"), true),
                            new XtMatch.SourceIsLocal(false),
                            new XtMatch.ConnectionState(new TreeSet<>(Set.of("RELATED", "ESTABLISHED")))),
                    new XtTarget.Drop()),
            new XtRule("s -> 10.0.0.1:80", List.of(XtMatch.Chance.oneIn(3)), new XtTarget.Jump(SEP)),
            new XtRule("s", List.of(new XtMatch.Remembered(SEP, 10800)), new XtTarget.Jump(SEP)),
            new XtRule(
                    "s",
                    List.of(TCP, new XtMatch.Remember(SEP)),
                    new XtTarget.Translate(IpAddress.parse("10.0.0.1"), 80)),
            new XtRule(
                    List.of(TCP, XtMatch.Chance.oneIn(4999)),
                    new XtTarget.Translate(IpAddress.parse("fd00::2"), 65535)));

    private static SavedTables saved(String... lines) {
        return SavedTables.parse(Family.IPV4, String.join("\n", lines));
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        for (XtRule rule : RULES) {
            assertThat(SavedRule.parse(XtText.of(rule))).as(XtText.of(rule)).isEqualTo(rule);
        }
    }

    /** Printed by iptables-save 1.8.9, of what kube-proxy writes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "-m mark ! --mark 0x4000/0x4000 -j RETURN | 2",
                "-p tcp -m comment --comment \"ns/svc:p80 has no endpoints\" -d fd00::1 -m addrtype --dst-type LOCAL -m tcp --dport 80 -j REJECT --reject-with icmp6-port-unreachable | 5",
                "-m comment --comment \"s -> 10.0.0.1:80\" -m statistic --mode random --probability 0.33333333349 -j KUBE-SEP-UKSFD7AGPMPPLUHC | 7",
                "-m comment --comment s -m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-UKSFD7AGPMPPLUHC --mask 255.255.255.255 --rsource -j KUBE-SEP-UKSFD7AGPMPPLUHC | 8",
                "-p 6 -m comment --comment \"s\" -m recent --set --name KUBE-SEP-UKSFD7AGPMPPLUHC --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.0.0.1:80 | 9"
            })
    void whatKubeProxyWritesIsTheSame(String text, int rule) {
        assertThat(SavedRule.parse(text)).isEqualTo(RULES.get(rule));
    }

    @ParameterizedTest
    @CsvSource({
        "-j MARK",
        "-j DNAT",
        "-j MASQUERADE",
        "-m limit --limit 5/min -j ACCEPT",
        "-g KUBE-SERVICES",
        "! -p tcp -j DROP",
        "-j REJECT --reject-with icmp-net-unreachable",
        "-m statistic --mode nth --every 2 -j ACCEPT",
        "-p tcp -m tcp --dport 80:90 -j ACCEPT",
        "-m recent --set --name x --mask 255.255.255.0 --rsource -j ACCEPT",
        "-d",
        "-s 300.1.1.1 -j DROP"
    })
    void whatFyrDoesNotWriteIsSomethingElse(String text) {
        assertThat(SavedRule.parse(text).target()).isInstanceOf(XtTarget.Other.class);
    }

    @Test
    void aNameCannotAddARule() {
        XtRule rule = new XtRule("x\" -j ACCEPT\n-A INPUT -j DROP\\" + "y".repeat(300), List.of(), new XtTarget.Drop());
        assertThat(rule.comment()).hasSize(255).doesNotContain("\"", "\n", "\\");
        assertThat(XtText.of(rule).lines()).hasSize(1);
        assertThat(SavedRule.parse(XtText.of(rule))).isEqualTo(rule);
    }

    @Test
    void chainsWithoutTheMarkerAreNotOurs() {
        SavedTables saved = saved(
                "*nat",
                ":PREROUTING ACCEPT [0:0]",
                ":KUBE-SERVICES - [0:0]",
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "COMMIT",
                "*filter",
                ":fyr-services - [0:0]",
                ":KUBE-FIREWALL - [0:0]",
                ":KUBE-SVC-X - [0:0]",
                "COMMIT");
        assertThat(saved.ours()).containsOnlyKeys(new ChainKey(Family.IPV4, XtTable.FILTER, OurChains.MARKER));
        assertThat(saved.taken()).containsExactly(XtTable.NAT);
        assertThat(saved.rules()).isEqualTo(1);
    }

    @Test
    void everythingOfOursIsFound() {
        SavedTables saved = saved(
                "*mangle",
                ":KUBE-IPTABLES-HINT - [0:0]",
                "COMMIT",
                "*nat",
                ":PREROUTING ACCEPT [0:0]",
                ":fyr-services - [0:0]",
                ":KUBE-SERVICES - [0:0]",
                ":KUBE-SVC-X - [0:0]",
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A PREROUTING -j DOCKER",
                "-A PREROUTING -m comment --comment \"kubernetes service portals\" -j KUBE-SERVICES",
                "-A KUBE-SERVICES -j KUBE-SVC-X",
                "-A KUBE-SERVICES -j LOG",
                "COMMIT");
        assertThat(saved.hinted()).isTrue();
        assertThat(saved.ours())
                .isEqualTo(Map.of(
                        new ChainKey(Family.IPV4, XtTable.NAT, OurChains.MARKER), new XtEntry.Chain(List.of()),
                        new ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SVC-X"), new XtEntry.Chain(List.of()),
                        new ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SERVICES"),
                                new XtEntry.Chain(List.of(
                                        new XtRule(List.of(), new XtTarget.Jump("KUBE-SVC-X")),
                                        new XtRule(List.of(), new XtTarget.Jump("LOG")))),
                        new JumpKey(Family.IPV4, XtTable.NAT, "PREROUTING", WAY), new XtEntry.Jump(2)));
    }

    @Test
    void onlyWhatChangesIsMentioned() {
        TreeMap<XtKey, XtEntry> upserts = new TreeMap<>(Map.of(
                new ChainKey(Family.IPV4, XtTable.NAT, "KUBE-SVC-X"),
                new XtEntry.Chain(List.of(new XtRule(List.of(), new XtTarget.Jump("KUBE-SEP-Y")))),
                new ChainKey(Family.IPV6, XtTable.NAT, "KUBE-SVC-Z"),
                new XtEntry.Chain(List.of()),
                new JumpKey(Family.IPV4, XtTable.NAT, "OUTPUT", WAY),
                XtEntry.Jump.ONCE));
        TreeSet<XtKey> deletes = new TreeSet<>(Set.of(
                new ChainKey(Family.IPV4, XtTable.FILTER, "KUBE-FORWARD"),
                new JumpKey(Family.IPV4, XtTable.NAT, "PREROUTING", WAY)));
        assertThat(RestoreText.of(Family.IPV4, new fyr.kernel.Delta<>(upserts, deletes), _ -> 2))
                .isEqualTo("""
                        *filter
                        :KUBE-FORWARD - [0:0]
                        -X KUBE-FORWARD
                        COMMIT
                        *nat
                        :KUBE-SVC-X - [0:0]
                        -D OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -D OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -D PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -I OUTPUT 1 -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
                        -A KUBE-SVC-X -j KUBE-SEP-Y
                        COMMIT
                        """);
    }

    @Test
    void noTextMakesTheReaderFail() {
        Random random = new Random(1);
        String words =
                "*nat :KUBE-SERVICES - :fyr-services -A -j -s -d ! \" \\ --mark 0x4000/ --dport -m recent --mask ::";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder("*nat\n:fyr-services - [0:0]\n-A KUBE-SERVICES ");
            for (int j = random.nextInt(30); j > 0; j--) {
                int at = random.nextInt(words.length());
                text.append(words, at, Math.min(words.length(), at + 1 + random.nextInt(12)));
                text.append(random.nextInt(9) == 0 ? "\n" : random.nextBoolean() ? " " : "");
            }
            assertThatCode(() -> saved(text.toString())).as(text.toString()).doesNotThrowAnyException();
        }
    }
}
