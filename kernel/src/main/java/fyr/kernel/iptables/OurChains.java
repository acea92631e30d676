package fyr.kernel.iptables;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which chains are Fyr's. They have the names that kube-proxy gives them, because people and programs look for those; so a name alone does
 * not tell whose they are. A chain without rules, {@value #MARKER}, is written in the same transaction: where it is, they are Fyr's.
 */
public final class OurChains {

    /** Says that the others are ours. */
    public static final String MARKER = "fyr-services";

    /** Holds rules of which it is to be found out whether the kernel takes them. No rule leads there. */
    static final String TRIAL = "fyr-trial";

    /** Leads from the node's frontends to the chains of services, or refuses. */
    public static final String SERVICES = "KUBE-SERVICES";

    /** Refuses and drops what comes to external frontends. */
    public static final String EXTERNAL_SERVICES = "KUBE-EXTERNAL-SERVICES";

    /** Leads from node ports to the chains of services. */
    public static final String NODEPORTS = "KUBE-NODEPORTS";

    /** Accepts what was translated. */
    public static final String FORWARD = "KUBE-FORWARD";

    /** Drops what source ranges exclude. */
    public static final String PROXY_FIREWALL = "KUBE-PROXY-FIREWALL";

    /** Masquerades what is marked. */
    public static final String POSTROUTING = "KUBE-POSTROUTING";

    /** Marks for masquerade. */
    public static final String MARK_MASQ = "KUBE-MARK-MASQ";

    /** What begins with this is a chain of Fyr's that kube-proxy does not have. */
    private static final String OWN = "fyr-";

    private static final Map<XtTable, Set<String>> FIXED = Map.of(
            XtTable.FILTER, Set.of(SERVICES, EXTERNAL_SERVICES, NODEPORTS, FORWARD, PROXY_FIREWALL),
            XtTable.NAT, Set.of(SERVICES, NODEPORTS, POSTROUTING, MARK_MASQ));

    private static final List<String> OF_SERVICES =
            List.of("KUBE-SVC-", "KUBE-SVL-", "KUBE-EXT-", "KUBE-FW-", "KUBE-SEP-");

    /** In which order kube-proxy puts jumps to these at the beginning of a chain, so that the last one comes first. */
    private static final List<String> ORDER =
            List.of(EXTERNAL_SERVICES, NODEPORTS, SERVICES, FORWARD, PROXY_FIREWALL, POSTROUTING);

    private OurChains() {}

    /** Whether a chain is Fyr's in a table that has the marker. */
    static boolean has(XtTable table, String chain) {
        return chain.startsWith(OWN)
                || FIXED.getOrDefault(table, Set.of()).contains(chain)
                || table == XtTable.NAT && OF_SERVICES.stream().anyMatch(chain::startsWith);
    }

    /** The place of a jump among those that are put at the beginning of a chain. */
    static int order(XtRule jump) {
        return jump.target() instanceof XtTarget.Jump(String chain) ? ORDER.indexOf(chain) : -1;
    }
}
