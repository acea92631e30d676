package fyr.agent;

/** The agent cannot start or go on. The message is one line for whoever started it: what, where, and what to do. */
public final class AgentException extends RuntimeException {

    public AgentException(String message, Throwable cause) {
        super(message, cause);
    }

    public AgentException(String message) {
        super(message);
    }
}
