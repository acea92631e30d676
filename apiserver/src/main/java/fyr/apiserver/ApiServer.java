package fyr.apiserver;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import fyr.apiserver.http.ApiToken;
import fyr.apiserver.http.Exchanges;
import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Setup;
import fyr.apiserver.object.Json;
import fyr.apiserver.store.Registry;
import fyr.apiserver.store.Store;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The embedded API server: HTTP, in memory, one virtual thread per request, for clients with its token. It has from the start the
 * namespaces that every cluster has. Safe on any thread; end it with {@link #close}.
 */
public final class ApiServer implements AutoCloseable {
    static {
        // Without this, small answers wait up to 40 ms for the acknowledgement of the headers; it is read once, when
        // the first server is created.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "1024");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Registry registry;
    private final Store store;
    private final ApiToken token;
    private final List<HttpServer> encrypted = new CopyOnWriteArrayList<>();

    private ApiServer(HttpServer server, ExecutorService threads, Registry registry, ApiToken token) {
        this.server = server;
        this.threads = threads;
        this.registry = registry;
        this.store = registry.store();
        this.token = token;
    }

    /** Starts a server with the lab's settings on this address; port 0 takes a free one. */
    public static ApiServer start(InetSocketAddress address) throws IOException {
        return start(address, Settings.LAB, ApiToken.fresh());
    }

    /** Starts a server of the kinds that every lab has; it answers when this returns. */
    public static ApiServer start(InetSocketAddress address, Settings settings, ApiToken token) throws IOException {
        return start(address, settings, token, Kinds.ALL);
    }

    /** Starts a server of these kinds. */
    public static ApiServer start(InetSocketAddress address, Settings settings, ApiToken token, List<Resource> kinds)
            throws IOException {
        InstantSource time = InstantSource.system();
        Store store = new Store(settings.history(), time.millis());
        Registry registry = new Registry(
                store, new Catalog(kinds), new Setup(settings.serviceRanges(), settings.podRanges()), time);
        for (String namespace : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            var object = Json.object();
            object.putObject("metadata").put("name", namespace);
            registry.create(Kinds.NAMESPACES, "", object);
        }
        HttpServer server = HttpServer.create(address, 1024);
        ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("api-", 0).factory());
        ApiServer all = new ApiServer(server, threads, registry, token);
        all.serve(server);
        return all;
    }

    private void serve(HttpServer listener) {
        listener.setExecutor(threads);
        listener.createContext("/", new Exchanges(registry, token));
        listener.start();
    }

    /** Listens with TLS too; returns the address, for which port 0 takes a free one. */
    public InetSocketAddress encrypt(InetSocketAddress address, ServerCertificate certificate) throws IOException {
        HttpsServer listener = HttpsServer.create(address, 1024);
        listener.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        serve(listener);
        encrypted.add(listener);
        return listener.getAddress();
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

    /** A kubeconfig that names this server without TLS, as YAML. */
    public String kubeconfig() {
        return KubeconfigText.plain("fyr-lab", uri().toString(), token);
    }

    /** What opens it. */
    public ApiToken token() {
        return token;
    }

    /** Ends all watches and connections. */
    @Override
    public void close() {
        store.close();
        server.stop(0);
        encrypted.forEach(listener -> listener.stop(0));
        threads.shutdownNow();
    }
}
