package fyr.kernel.reconciler;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.model.observation.Observation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A change that was refused and has not been reported yet.
 *
 * @param table its name
 * @param links for each entry that was to be written, the link that it cannot be without; entries that need none are left out
 */
record Failure(String table, RuntimeException cause, List<String> links) {

    Failure {
        links = List.copyOf(links);
    }

    /** The links whose absence may be the reason. */
    Set<String> suspects() {
        return refusals().stream().anyMatch(Failure::isOfAbsentLink) ? new HashSet<>(links) : Set.of();
    }

    private List<KernelException> refusals() {
        return cause instanceof KernelException refused ? refused.each() : List.of();
    }

    private static boolean isOfAbsentLink(KernelException refusal) {
        return refusal.errno().equals(Errno.ENODEV);
    }

    /**
     * What there is to report when these links are known to be gone: nothing, if that explains every refusal. A refusal does not name its
     * entry, but there is no more than one for each.
     */
    Optional<Observation> without(Set<String> gone) {
        List<KernelException> others = new ArrayList<>(refusals());
        others.removeIf(Failure::isOfAbsentLink);
        long explicable = links.stream().filter(gone::contains).count();
        boolean explained = explicable > 0 && refusals().size() - others.size() <= explicable;
        if (!explained) {
            return Optional.of(observation(cause));
        }
        return others.isEmpty() ? Optional.empty() : Optional.of(observation(KernelException.of(others)));
    }

    private Observation observation(RuntimeException reason) {
        return new Observation.ApplyFailed(table, Reconciler.reason(reason));
    }
}
