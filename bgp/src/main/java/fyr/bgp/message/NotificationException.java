package fyr.bgp.message;

import fyr.bgp.path.Octets;

/** The bytes are no message that can be accepted, and the session is to be ended with this notification. The only exception that {@link MessageReader} throws. */
public final class NotificationException extends RuntimeException {

    private final transient Notification notification;

    /** Without a stack trace: a peer can cause one of these at will. */
    public NotificationException(Notification notification, String reason) {
        super(reason, null, false, false);
        this.notification = notification;
    }

    static NotificationException of(int code, int subcode, Octets data, String reason) {
        return new NotificationException(new Notification(code, subcode, data), reason);
    }

    /** What to send before the connection is closed. */
    public Notification notification() {
        return notification;
    }

    /** What exactly is wrong, in words. */
    public String reason() {
        return String.valueOf(super.getMessage());
    }

    @Override
    public String getMessage() {
        return notification + " (" + reason() + ")";
    }
}
