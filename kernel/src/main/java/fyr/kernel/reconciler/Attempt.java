package fyr.kernel.reconciler;

import fyr.kernel.Delta;
import fyr.model.persistent.PersistentMap;
import java.util.Optional;

/** One attempt to bring a table to the desired state: what it changes, and the result. */
final class Attempt<K extends Comparable<? super K>, V> {

    private final PersistentMap<K, V> desired;
    private Delta<K, V> delta = Delta.none();
    private Optional<RuntimeException> failure = Optional.empty();
    private long nanoseconds;

    Attempt(PersistentMap<K, V> desired) {
        this.desired = desired;
    }

    PersistentMap<K, V> desired() {
        return desired;
    }

    void delta(Delta<K, V> change) {
        delta = change;
    }

    /** What has to change; empty if that could not be determined. */
    Delta<K, V> delta() {
        return delta;
    }

    void fail(RuntimeException reason) {
        failure = failure.or(() -> Optional.of(reason));
    }

    /** The first failure. */
    Optional<RuntimeException> failure() {
        return failure;
    }

    void spent(long more) {
        nanoseconds += more;
    }

    /** How long the kernel took. */
    long spent() {
        return nanoseconds;
    }
}
