package fyr.model;

/**
 * The UID of a pod as a number: clusters have many pods, and UIDs are only compared for equality. A pod that is deleted and created again
 * under the same name, as in a StatefulSet, has another UID.
 */
public final class PodUid {

    /** The UID of a pod if it is not known. */
    public static final long UNKNOWN = 0;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private PodUid() {}

    /**
     * The number of a UID: 64-bit FNV-1a, so that two of the API server's random UUIDs collide once in 2^64. {@link #UNKNOWN} only for an
     * empty text.
     */
    public static long of(String uid) {
        if (uid.isEmpty()) {
            return UNKNOWN;
        }
        long hash = FNV_OFFSET;
        for (int i = 0; i < uid.length(); i++) {
            hash = (hash ^ uid.charAt(i)) * FNV_PRIME;
        }
        return hash == UNKNOWN ? 1 : hash;
    }

    /** Whether both may belong to one pod: they are equal, or one is unknown. */
    public static boolean agree(long one, long other) {
        return one == other || one == UNKNOWN || other == UNKNOWN;
    }
}
