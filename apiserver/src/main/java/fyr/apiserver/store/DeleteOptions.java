package fyr.apiserver.store;

import java.util.Optional;

/**
 * How an object is to go.
 *
 * @param gracePeriodSeconds for pods; empty takes the pod's own
 * @param orphan dependents stay, without their owner; foreground deletion is treated as background
 * @param uid the object must have this one; empty does not care
 */
public record DeleteOptions(Optional<Long> gracePeriodSeconds, boolean orphan, Optional<String> uid, boolean dryRun) {
    /** Gracefully, with dependents. */
    public static final DeleteOptions PLAIN = new DeleteOptions(Optional.empty(), false, Optional.empty(), false);

    /** At once, as a kubelet confirms that a pod has ended. */
    public static final DeleteOptions NOW = new DeleteOptions(Optional.of(0L), false, Optional.empty(), false);
}
