package fyr.cluster.client;

/** No answer came from the API server: not reached, cut off, or silent for too long. One line that names the server. */
public final class UnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean nobodyThere;

    UnreachableException(String message, Throwable cause, boolean nobodyThere) {
        super(message, cause);
        this.nobodyThere = nobodyThere;
    }

    /** Whether no connection came about: the attempt has cost the server next to nothing. */
    public boolean nobodyThere() {
        return nobodyThere;
    }
}
