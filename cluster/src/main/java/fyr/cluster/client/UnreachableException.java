package fyr.cluster.client;

/** No answer came from the API server: not reached, cut off, or silent for too long. One line that names the server. */
public final class UnreachableException extends RuntimeException {

    private static final long serialVersionUID = 1;

    UnreachableException(String message, Throwable cause) {
        super(message, cause);
    }
}
