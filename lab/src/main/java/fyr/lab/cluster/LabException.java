package fyr.lab.cluster;

/** A lab cannot do what it was asked: one line for people. */
public final class LabException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** With what is wrong, and the mend. */
    public LabException(String message) {
        super(message);
    }
}
