package fyr.cluster.read;

import fyr.model.observation.Objection;

/** What is wrong with a field of an object; {@code field} in Kubernetes' notation, such as {@code spec.ports[0].port}. */
public record Fault(Objection objection, String field, String what) {

    private static final int FIELD = 200;
    private static final int WHAT = 500;

    /** Keeps only the beginning of a text that is longer than any of our own sentences: it contains text from others. */
    public Fault {
        field = Excerpt.of(field, FIELD);
        what = Excerpt.of(what, WHAT);
    }

    /** A value that cannot be true. */
    public Fault(String field, String what) {
        this(Objection.UNREADABLE, field, what);
    }

    /** Whether the other one is about the same thing, even if in other words. */
    public boolean isOfSameField(Fault other) {
        return objection == other.objection && field.equals(other.field);
    }
}
