package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was learnt about a delta from the kernel's refusals of it. */
final class Corrections {

    private final Delta<NftKey, NftObject> delta;
    private final Known known;
    private final Set<NftKey> replaced = new HashSet<>();
    private final Set<NftKey> absent = new HashSet<>();

    /** Intervals that overlap others: refused because they exist although they were deleted, or could not be deleted. */
    private final Set<NftKey> overlapping = new HashSet<>();

    /** Whether {@link #learn(Map)} was told what exists. */
    private boolean read;

    Corrections(Delta<NftKey, NftObject> delta, Known known) {
        this.delta = delta;
        this.known = known;
        // What is known from the start saves a refused attempt, whose abort waits for a grace period of RCU (about 10
        // ms).
        delta.replaced().stream().filter(NftKey.ElementKey.class::isInstance).forEach(replaced::add);
    }

    /** What to do next. */
    enum Outcome {
        /** Try again: something new is known. */
        CORRECTED,
        /** Some refused message held several elements: look which of them are there. */
        LIST,
        /** A set or chain cannot be changed in place. */
        REBUILD,
        /** The delta is wrong, or forbidden. */
        HOPELESS
    }

    Changes changes() {
        return new Changes(delta, replaced, absent);
    }

    Outcome learn(List<Refusal> refusals) {
        if (refusals.stream().anyMatch(Corrections::isStructural)) {
            return Outcome.REBUILD;
        }
        Outcome outcome = Outcome.HOPELESS;
        for (Refusal refusal : refusals) {
            boolean unclear = isExisting(refusal) && keepsRangesWhole(refusal);
            boolean hopeless = overlapping.contains(refusal.step().key()) || unclear && read;
            if (!hopeless && (isExisting(refusal) || isAbsent(refusal))) {
                if (refusal.step().count() > 1 || unclear || !learn(refusal)) {
                    return Outcome.LIST;
                }
                outcome = Outcome.CORRECTED;
            }
        }
        return outcome;
    }

    /**
     * In a set that keeps ranges whole, another range may be in the way, and a deletion would hit that: the kernel deletes the range in
     * which the first key is (pipapo_deactivate).
     */
    private boolean keepsRangesWhole(Refusal refusal) {
        return refusal.step().key() instanceof NftKey.ElementKey element && known.keepsRangesWhole(element, delta);
    }

    /** Whether this is news. */
    private boolean learn(Refusal refusal) {
        NftKey key = refusal.step().key();
        if (isExisting(refusal)) {
            return replaced.add(key) || !overlapping.add(key);
        }
        if (replaced.remove(key)) {
            overlapping.add(key);
            return true;
        }
        return absent.add(key);
    }

    void learn(Map<NftKey, NftObject> actual) {
        read = true;
        replaced.clear();
        absent.clear();
        delta.upserts().forEach((key, wanted) -> {
            NftObject present = actual.get(key);
            if (key instanceof NftKey.ElementKey && present != null && !present.equals(wanted)) {
                replaced.add(key);
            }
        });
        delta.deletes().stream().filter(key -> !actual.containsKey(key)).forEach(absent::add);
    }

    private static boolean isStructural(Refusal refusal) {
        return switch (refusal.step().kind()) {
            case NEWTABLE, NEWSET, NEWCHAIN -> isOneOf(refusal, Errno.EEXIST, Errno.EBUSY, Errno.EOPNOTSUPP);
            case DELSET, DELCHAIN -> isOneOf(refusal, Errno.EBUSY);
            case NEWRULE, NEWSETELEM, DELRULE, DELSETELEM, DELTABLE -> false;
        };
    }

    private static boolean isExisting(Refusal refusal) {
        return refusal.step().kind() == Step.Kind.NEWSETELEM && isOneOf(refusal, Errno.EEXIST, Errno.EBUSY);
    }

    /** A chain of which the rules are deleted before they are written again is absent only if its own creation was refused. */
    private boolean isAbsent(Refusal refusal) {
        boolean rewritten = refusal.step().kind() == Step.Kind.DELRULE
                && delta.upserts().containsKey(refusal.step().key());
        return refusal.step().isDeletion() && !rewritten && isOneOf(refusal, Errno.ENOENT);
    }

    private static boolean isOneOf(Refusal refusal, Errno... errnos) {
        return List.of(errnos).contains(refusal.errno());
    }
}
