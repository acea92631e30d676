package fyr.model.observation;

/** Something that happened and that somebody may want to know: counted in metrics, written to the log, shown by commands. */
public sealed interface Observation {

    /** One line for people. */
    String text();

    /** Something of ours was missing or changed in the kernel although nobody asked us for it, and was put back. */
    record DriftRepaired(String table, String key) implements Observation {
        @Override
        public String text() {
            return "drift repaired: " + table + " " + key;
        }
    }

    /** A change was applied to the kernel. */
    record Applied(String table, int upserts, int deletes, long nanoseconds) implements Observation {
        @Override
        public String text() {
            return "applied: " + table + " +" + upserts + " -" + deletes + " in " + nanoseconds / 1000 + " us";
        }
    }

    /** The kernel refused a change; it is tried again. */
    record ApplyFailed(String table, String reason) implements Observation {
        @Override
        public String text() {
            return "not applied: " + table + ": " + reason;
        }
    }

    /** The API server was lost or found again. */
    record WatchChanged(String kind, boolean connected, String reason) implements Observation {
        @Override
        public String text() {
            return "watch of " + kind + (connected ? " runs: " : " lost: ") + reason;
        }
    }

    /** The API server is still away, but for another reason than was said last. */
    record WatchStillLost(String kind, String reason) implements Observation {
        @Override
        public String text() {
            return "watch of " + kind + " still lost: " + reason;
        }
    }

    /** A pod was attached or detached. */
    record PodAttached(String pod, boolean attached, long nanoseconds) implements Observation {
        @Override
        public String text() {
            return (attached ? "attached " : "detached ") + pod + " in " + nanoseconds / 1000 + " us";
        }
    }

    /** An object of the API server cannot be true and is left out, or part of it; {@code field} in Kubernetes' notation, such as {@code spec.ports[0]}. */
    record ObjectRefused(String kind, String name, String field, String reason) implements Observation {
        @Override
        public String text() {
            return kind + " " + name + ": " + field + ": " + reason;
        }
    }
}
