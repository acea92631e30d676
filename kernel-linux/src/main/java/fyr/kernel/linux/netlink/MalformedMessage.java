package fyr.kernel.linux.netlink;

/** Bytes that are not a netlink message: a wrong length, or a number that is too short. */
public final class MalformedMessage extends RuntimeException {

    /** Names what does not fit. */
    public MalformedMessage(String message) {
        super(message);
    }
}
