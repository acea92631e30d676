package fyr.cluster.access;

/** Credentials or the address of the API server cannot be used; the message is one line with file and field. */
public final class AccessException extends RuntimeException {

    private static final long serialVersionUID = 1;

    AccessException(String where, String what) {
        super(where + ": " + what.replaceAll("\\s+", " ")); // libraries break their lines
    }
}
