package fyr.cluster.read;

/** A field of an object has an invalid value; never leaves this package. */
final class Malformed extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    Malformed(String field, String what) {
        super(null, null, false, false); // no stack trace: it is a sentence about outside data
        this.fault = new Fault(field, what);
    }

    String field() {
        return fault.field();
    }

    String what() {
        return fault.what();
    }
}
