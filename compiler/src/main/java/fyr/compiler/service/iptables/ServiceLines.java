package fyr.compiler.service.iptables;

import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one service has in iptables: chains of its own, and rules in chains that all services share.
 *
 * @param chains its own
 * @param shared its rules in each of the shared chains, in order
 */
record ServiceLines(Map<XtKey, XtEntry> chains, Map<XtKey, List<XtRule>> shared) {

    /** Those of a service without frontends. */
    static final ServiceLines NONE = new ServiceLines(Map.of(), Map.of());

    /** Collects them. */
    static final class Collector {
        private final Map<XtKey, List<XtRule>> chains = new HashMap<>();
        private final Map<XtKey, List<XtRule>> shared = new HashMap<>();

        void own(XtKey chain, List<XtRule> rules) {
            chains.put(chain, rules);
        }

        boolean has(XtKey chain) {
            return chains.containsKey(chain);
        }

        void share(XtKey chain, XtRule rule) {
            shared.computeIfAbsent(chain, _ -> new ArrayList<>()).add(rule);
        }

        ServiceLines end() {
            Map<XtKey, XtEntry> all = new HashMap<>();
            chains.forEach((key, rules) -> all.put(key, new XtEntry.Chain(rules)));
            return new ServiceLines(all, shared);
        }
    }
}
