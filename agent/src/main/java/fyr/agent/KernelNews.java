package fyr.agent;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.nft.NftKey;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The kernel's events since the loop last looked, each one once: a flood of events while the loop is busy takes no extra room. */
final class KernelNews {

    /** Above this number of packet rules, the individual rules are not remembered. */
    private static final int RULES_MAX = 20_000;

    private final Set<NftKey> rules = new HashSet<>();
    private final EnumSet<Subject> changed = EnumSet.noneOf(Subject.class);
    private final Set<String> podLinksDown = new TreeSet<>();
    private boolean overrun;

    void add(KernelEvent event) {
        switch (event) {
            case KernelEvent.Changed(Subject subject, var _, var _) -> changed.add(subject);
            case KernelEvent.PodLinkDown(String link) -> podLinksDown.add(link);
            case KernelEvent.RulesChanged(Set<NftKey> keys, var _, var _) -> addRules(keys);
            case KernelEvent.Overrun _ -> overrun = true;
        }
    }

    private void addRules(Set<NftKey> keys) {
        rules.addAll(keys);
        if (rules.size() > RULES_MAX) {
            rules.clear();
            changed.add(Subject.NFT);
        }
    }

    boolean isEmpty() {
        return changed.isEmpty() && rules.isEmpty() && podLinksDown.isEmpty() && !overrun;
    }

    /** The packet rules that others changed. */
    Set<NftKey> rules() {
        return rules;
    }

    /** What may have changed. */
    Set<Subject> changed() {
        return changed;
    }

    /** The nodes' ends of pods' links that went down. */
    Set<String> podLinksDown() {
        return podLinksDown;
    }

    /** Whether events were lost, so that anything may have changed. */
    boolean overrun() {
        return overrun;
    }

    /** Whether the node's connection to the network may have changed. */
    boolean concernsUplink() {
        return overrun || changed.contains(Subject.LINK) || changed.contains(Subject.ADDRESS);
    }
}
