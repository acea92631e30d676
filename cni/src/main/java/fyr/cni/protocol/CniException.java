package fyr.cni.protocol;

/** A request cannot be served; becomes the error object on standard output. The message is one line for people. */
public final class CniException extends RuntimeException {

    private final CniErrorCode code;
    private final String details;

    public CniException(CniErrorCode code, String message) {
        this(code, message, "");
    }

    /** @param details what lies beneath, may be empty */
    public CniException(CniErrorCode code, String message, String details) {
        super(message);
        this.code = code;
        this.details = details;
    }

    /** Its code. */
    public CniErrorCode code() {
        return code;
    }

    /** What lies beneath, may be empty. */
    public String details() {
        return details;
    }

    /** All of it in one line, for logs. */
    public String text() {
        return getMessage() + (details.isEmpty() ? "" : ": " + details) + " (code " + code.number() + ")";
    }
}
