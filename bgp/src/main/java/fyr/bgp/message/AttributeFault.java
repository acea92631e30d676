package fyr.bgp.message;

import fyr.bgp.path.AttributeCode;

/**
 * An error in an UPDATE that does not end the session (RFC 7606).
 *
 * @param code of the attribute, 0 if it is not about a certain one
 * @param reason for a log
 * @param notification what would have been sent if the session had to be ended
 */
public record AttributeFault(int code, Handling handling, String reason, Notification notification) {

    /** What was done about it, the weakest first. */
    public enum Handling {
        /** The routes are of a family that was not negotiated; they were left out. */
        IGNORED,
        /** The attribute was left out. */
        DISCARDED,
        /** The routes of the message count as withdrawn. */
        TREATED_AS_WITHDRAWN
    }

    @Override
    public String toString() {
        return (code == 0 ? "attributes" : AttributeCode.name(code)) + ": " + reason + ", " + handling;
    }
}
