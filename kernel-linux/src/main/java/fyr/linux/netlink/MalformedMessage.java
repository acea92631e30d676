package fyr.linux.netlink;

/** Bytes that are no netlink message: a length that lies, a number that is too short. */
public final class MalformedMessage extends RuntimeException {

    /** Names what does not fit. */
    public MalformedMessage(String message) {
        super(message);
    }
}
