package fyr.lab.kubelet;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** The progress of a pod on its node. */
sealed interface PodState {

    /** It cannot be started yet, for this reason. */
    record Waiting(String reason, String message) implements PodState {}

    /**
     * Its servers answer.
     *
     * @param started the containers that have started, as their startup probes say
     * @param ready the containers that are ready, as their readiness probes say
     */
    record Running(List<String> addresses, Set<String> started, Set<String> ready) implements PodState {}

    /** It has completed. Its addresses stay in the status, though another pod may get them. */
    record Completed(List<String> addresses, Instant finished) implements PodState {}

    /** It was deleted and has ended; the object still exists. */
    record Stopped(List<String> addresses, Instant finished) implements PodState {}
}
