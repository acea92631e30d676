package fyr.dns.message;

/** The bytes are no DNS message. The only exception that {@link MessageReader} throws, whatever it is given. */
public final class MalformedMessageException extends RuntimeException {

    /** Without a stack trace: anyone on the network can cause one of these. */
    public MalformedMessageException(String message) {
        super(message, null, false, false);
    }
}
