package fyr.agent;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.nft.NftKey;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** What the kernel said since the loop last looked, each thing once: a flood of events while the loop is busy takes no room. */
final class KernelNews {

    /** Of more packet rules than this it is not remembered which. */
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

    /** The packet rules that others named. */
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

    /** Whether the node may be connected otherwise than before. */
    boolean concernsUplink() {
        return overrun || changed.contains(Subject.LINK) || changed.contains(Subject.ADDRESS);
    }
}
