package fyr.agent.proxy;

/** A configuration that cannot be read or has a wrong value. The message is one line: where, which field, and what is expected. */
public final class ProxyConfigurationException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ProxyConfigurationException(String message) {
        super(message);
    }

    ProxyConfigurationException(String message, Throwable cause) {
        super(message, cause);
    }
}
