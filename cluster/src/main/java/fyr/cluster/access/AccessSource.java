package fyr.cluster.access;

/** Where an {@link Access} comes from; asked again when the server no longer accepts us, because credentials rotate. */
@FunctionalInterface
public interface AccessSource {

    /** Reads it now; {@link AccessException} with one line if it cannot be used. */
    Access read();

    /** The credentials of this pod if we run in one, in the place Kubernetes mounts them. */
    static AccessSource inCluster() {
        return InCluster.standard();
    }
}
