package fyr.dns;

/** Something a user has to mend: an address that cannot be listened on, an upstream that leads back here. The message is one line. */
public final class DnsException extends RuntimeException {

    public DnsException(String message) {
        super(message);
    }

    public DnsException(String message, Throwable cause) {
        super(message, cause);
    }
}
