package fyr.cluster.client;

import java.time.Duration;
import java.util.Optional;

/** The API server answered, and the answer is no: a {@code Status} object (meta/v1) or another HTTP error. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String reason;
    private final transient Optional<Duration> retryAfter;

    /** An answer with this HTTP status, {@code reason} as in {@code Status.reason} or empty, and a message for people. */
    public ApiException(int status, String reason, String message) {
        this(status, reason, message, Optional.empty());
    }

    ApiException(int status, String reason, String message, Optional<Duration> retryAfter) {
        super(message);
        this.status = status;
        this.reason = reason;
        this.retryAfter = retryAfter;
    }

    /** The HTTP status, 400 to 599. */
    public int status() {
        return status;
    }

    /** {@code Status.reason}, such as {@code NotFound}, {@code AlreadyExists}, {@code Conflict}; empty if there is none. */
    public String reason() {
        return reason;
    }

    /** How long the server asks us to stay away. */
    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    /** Whether there is no such object. */
    public boolean notFound() {
        return status == 404;
    }

    /** Whether the object changed in between, or exists already. */
    public boolean conflict() {
        return status == 409;
    }

    /** Whether the resource version is too old to continue from: list again. */
    public boolean expired() {
        return status == 410 || reason.equals("Expired") || reason.equals("Gone");
    }
}
