package fyr.agent.proxy.serve;

/** Limits of the JDK's HTTP server. It reads them once (sun.net.httpserver.ServerConfig), so they must be set before the first server. */
public final class HttpLimits {

    static {
        // Without them it waits for ever for the rest of a request, and a client that sends nothing keeps its
        // connection.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        System.setProperty("sun.net.httpserver.maxRspTime", "30");
        System.setProperty("jdk.httpserver.maxConnections", "1000");
    }

    private HttpLimits() {}

    /** Sets them, unless they are set. */
    public static void apply() {}
}
