package fyr.agent.proxy.serve;

/** An answer to a probe: status 200 if it is good and 503 otherwise, with a body in JSON. */
public record ProxyAnswer(boolean good, String body) {

    /** The HTTP status. */
    public int status() {
        return good ? 200 : 503;
    }
}
