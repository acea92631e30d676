package fyr.lab.api;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The embedded API server: plain HTTP, in memory, one virtual thread per request. It has the namespaces that every cluster has from the first moment.
 * Safe on any thread; end it with {@link #close}.
 */
public final class ApiServer implements AutoCloseable {
    static {
        // Without this, small answers wait up to 40 ms for the acknowledgement of the headers; read once when the first
        // server is made.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1024");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Registry registry;
    private final Store store;

    private ApiServer(HttpServer server, ExecutorService threads, Registry registry) {
        this.server = server;
        this.threads = threads;
        this.registry = registry;
        this.store = registry.store();
    }

    /** Starts a server with the lab's settings on this address; port 0 takes a free one. */
    public static ApiServer start(InetSocketAddress address) throws IOException {
        return start(address, Settings.LAB);
    }

    /** Starts a server; it answers when this returns. */
    public static ApiServer start(InetSocketAddress address, Settings settings) throws IOException {
        InstantSource time = InstantSource.system();
        Store store = new Store(settings.history(), time.millis());
        Registry registry = new Registry(store, settings.serviceRanges(), settings.podRanges(), time);
        for (String namespace : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            var object = Json.object();
            object.putObject("metadata").put("name", namespace);
            registry.create(Resource.NAMESPACES, "", object);
        }
        HttpServer server = HttpServer.create(address, 1024);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("api-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", new Exchanges(registry));
        server.start();
        return new ApiServer(server, threads, registry);
    }

    /** The objects themselves, for controllers in the same process. */
    public Registry registry() {
        return registry;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** {@code http://10.0.0.1:8080}. */
    public URI uri() {
        String host = address().getAddress().getHostAddress();
        return URI.create("http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":"
                + address().getPort());
    }

    /** A kubeconfig that names this server, as YAML. */
    public String kubeconfig() {
        return KubeconfigText.plain("fyr-lab", uri().toString());
    }

    /** Ends all watches and connections. */
    @Override
    public void close() {
        store.close();
        server.stop(0);
        threads.shutdownNow();
    }
}
