package fyr.cluster.access;

import java.util.Optional;

/** Where an {@link Access} comes from; asked again when the server no longer accepts us, because credentials rotate. */
@FunctionalInterface
public interface AccessSource {

    /** Reads it now; {@link AccessException} with one line if it cannot be used. */
    Access read();

    /** What to try when nobody answers at the address that this names: the end of a sentence, or empty. */
    default String advice() {
        return "";
    }

    /**
     * The credentials of this pod if we run in one, in the place Kubernetes mounts them.
     *
     * @param server {@code HOST:PORT} of the API server; empty for the address that Kubernetes tells every pod
     */
    static AccessSource inCluster(Optional<String> server) {
        return InCluster.standard(server);
    }
}
