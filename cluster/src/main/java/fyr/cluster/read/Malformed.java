package fyr.cluster.read;

/** A field of an object holds what it must not; never leaves this package. */
final class Malformed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String field;

    Malformed(String field, String what) {
        super(what, null, false, false); // no stack trace: it is a sentence about outside data
        this.field = field;
    }

    String field() {
        return field;
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
