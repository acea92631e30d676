package fyr.compiler.service.iptables;

import fyr.kernel.iptables.OurChains;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtKey.ChainKey;
import fyr.kernel.iptables.XtKey.JumpKey;
import fyr.kernel.iptables.XtMatch;
import fyr.kernel.iptables.XtRule;
import fyr.kernel.iptables.XtTable;
import fyr.kernel.iptables.XtTarget;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The chains of one family that exist whatever services there are, what stands in them before and after the rules of services, and the way there. */
final class SharedChains {

    /** Marks what comes neither from this node nor from its pods, where one condition cannot say that. */
    static final String MARK_UNLESS_LOCAL = "fyr-mark-unless-local";

    /** kube-proxy's default, the bit 14 ({@code iptables.masqueradeBit}). */
    private static final int MARK = 0x4000;

    private static final String PORTALS = "kubernetes service portals";
    private static final String EXTERNAL = "kubernetes externally-visible service portals";
    private static final String FIREWALL = "kubernetes load balancer firewall";
    private static final XtMatch NEW = new XtMatch.ConnectionState(new TreeSet<>(Set.of("NEW")));

    private final Family family;
    private final NodeRules node;
    private final Map<XtKey, XtEntry> entries = new HashMap<>();

    private SharedChains(NodeRules node) {
        this.family = node.family();
        this.node = node;
    }

    /** Everything that does not depend on services. */
    static Map<XtKey, XtEntry> fixed(NodeRules node) {
        SharedChains shared = new SharedChains(node);
        shared.chains();
        shared.ways();
        return shared.entries;
    }

    /** The shared chains with rules of services. */
    static List<XtKey> ofServices(Family family) {
        return List.of(
                new ChainKey(family, XtTable.NAT, OurChains.SERVICES),
                new ChainKey(family, XtTable.NAT, OurChains.NODEPORTS),
                new ChainKey(family, XtTable.FILTER, OurChains.SERVICES),
                new ChainKey(family, XtTable.FILTER, OurChains.EXTERNAL_SERVICES),
                new ChainKey(family, XtTable.FILTER, OurChains.NODEPORTS),
                new ChainKey(family, XtTable.FILTER, OurChains.PROXY_FIREWALL));
    }

    /** What stands in a shared chain after the rules of services. */
    static List<XtRule> end(XtKey chain, NodeRules node) {
        List<XtRule> rules = new ArrayList<>();
        if (chain.table() == XtTable.NAT && chain.chain().equals(OurChains.SERVICES)) {
            if (node.excludesLoopback()) {
                rules.add(new XtRule(List.of(new XtMatch.Destination(node.loopback(), false)), new XtTarget.Return()));
            }
            node.atNodePorts()
                    .forEach(destination -> rules.add(new XtRule(
                            "kubernetes service nodeports; NOTE: this must be the last rule in this chain",
                            destination,
                            new XtTarget.Jump(OurChains.NODEPORTS))));
        }
        return rules;
    }

    private void chains() {
        for (XtTable table : XtTable.values()) {
            chain(table, OurChains.MARKER, List.of());
        }
        chain(
                XtTable.FILTER,
                OurChains.FORWARD,
                List.of(
                        new XtRule(
                                "kubernetes forwarding rules",
                                List.of(new XtMatch.Mark(MARK, MARK, false)),
                                new XtTarget.Accept()),
                        new XtRule(
                                "kubernetes forwarding conntrack rule",
                                List.of(new XtMatch.ConnectionState(new TreeSet<>(Set.of("RELATED", "ESTABLISHED")))),
                                new XtTarget.Accept())));
        chain(
                XtTable.NAT,
                OurChains.POSTROUTING,
                List.of(
                        new XtRule(List.of(new XtMatch.Mark(MARK, MARK, true)), new XtTarget.Return()),
                        // Otherwise the packet of a tunnel around this one would be masqueraded as well.
                        new XtRule(List.of(), new XtTarget.SetMark(MARK, 0)),
                        new XtRule("kubernetes service traffic requiring SNAT", List.of(), new XtTarget.Masquerade())));
        chain(XtTable.NAT, OurChains.MARK_MASQ, List.of(new XtRule(List.of(), new XtTarget.SetMark(MARK, MARK))));
        if (node.notFromPods().isEmpty()) {
            List<XtRule> rules = new ArrayList<>();
            node.fromPods().forEach(pods -> rules.add(new XtRule(List.of(pods), new XtTarget.Return())));
            rules.add(new XtRule(List.of(new XtMatch.SourceIsLocal(true)), new XtTarget.Jump(OurChains.MARK_MASQ)));
            chain(XtTable.NAT, MARK_UNLESS_LOCAL, rules);
        }
        ofServices(family).forEach(key -> entries.put(key, new XtEntry.Chain(end(key, node))));
    }

    private void chain(XtTable table, String name, List<XtRule> rules) {
        entries.put(new ChainKey(family, table, name), new XtEntry.Chain(rules));
    }

    /**
     * kube-proxy's, and one more: connections of the node itself to an external frontend without endpoints are refused where they begin,
     * like those of pods.
     */
    private void ways() {
        way(XtTable.FILTER, "INPUT", EXTERNAL, List.of(NEW), OurChains.EXTERNAL_SERVICES);
        way(XtTable.FILTER, "FORWARD", EXTERNAL, List.of(NEW), OurChains.EXTERNAL_SERVICES);
        way(XtTable.FILTER, "OUTPUT", EXTERNAL, List.of(NEW), OurChains.EXTERNAL_SERVICES);
        way(XtTable.FILTER, "INPUT", "kubernetes health check service ports", List.of(), OurChains.NODEPORTS);
        way(XtTable.FILTER, "FORWARD", PORTALS, List.of(NEW), OurChains.SERVICES);
        way(XtTable.FILTER, "OUTPUT", PORTALS, List.of(NEW), OurChains.SERVICES);
        way(XtTable.FILTER, "FORWARD", "kubernetes forwarding rules", List.of(), OurChains.FORWARD);
        for (String chain : List.of("INPUT", "OUTPUT", "FORWARD")) {
            way(XtTable.FILTER, chain, FIREWALL, List.of(NEW), OurChains.PROXY_FIREWALL);
        }
        way(XtTable.NAT, "OUTPUT", PORTALS, List.of(), OurChains.SERVICES);
        way(XtTable.NAT, "PREROUTING", PORTALS, List.of(), OurChains.SERVICES);
        way(XtTable.NAT, "POSTROUTING", "kubernetes postrouting rules", List.of(), OurChains.POSTROUTING);
    }

    private void way(XtTable table, String from, String comment, List<XtMatch> matches, String to) {
        XtRule rule = new XtRule(comment, matches, new XtTarget.Jump(to));
        entries.put(new JumpKey(family, table, from, rule), XtEntry.Jump.ONCE);
    }
}
