package fyr.cluster.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import fyr.cluster.access.Access;
import fyr.cluster.access.Token;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One client, many threads, and servers that do not do as they say. */
@Timeout(60)
class ApiClientTest {

    @Test
    void aBodyThatIsNotWhatItSaysIsClosed() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ApiClient client = ApiClient.connect(
                        () -> Access.plain(URI.create("http://127.0.0.1:" + listener.getLocalPort())))) {
            Thread asking = Thread.ofVirtual()
                    .start(() ->
                            assertThatThrownBy(() -> client.open("/api")).isInstanceOf(UnreachableException.class));
            try (Socket socket = listener.accept()) {
                InputStream in = socket.getInputStream();
                assertThat(in.read(new byte[10_000])).isPositive();
                socket.getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 999\r\n\r\nthis is no gzip"
                                .getBytes(StandardCharsets.UTF_8));
                socket.setSoTimeout(20_000);
                assertThat(in.read()).as("the client hangs up").isNegative();
            }
            asking.join();
        }
    }

    /** Each exchange of the connection happens while others are sending on the old one. */
    @Test
    void nobodyIsSentDownAConnectionThatWasReplaced() throws Exception {
        AtomicInteger token = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            boolean good =
                    exchange.getRequestHeaders().getFirst("Authorization").equals("Bearer t" + token);
            exchange.sendResponseHeaders(good ? 200 : 401, -1);
            exchange.close();
        });
        server.start();
        URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        List<String> failures = new CopyOnWriteArrayList<>();
        try (ApiClient client =
                ApiClient.connect(() -> new Access(uri, Optional.empty(), new Token.Fixed("t" + token)))) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 8; i++) {
                    threads.execute(() -> ask(client, failures));
                }
                for (int i = 0; i < 20; i++) { // with eight lines each: from 200 on this server hangs up on idle ones
                    token.incrementAndGet();
                    Thread.sleep(10);
                }
            }
            assertThat(failures).isEmpty();
        } finally {
            server.stop(0);
        }
    }

    @Test
    void aClosedConnectionIsNotReplaced() {
        Access nowhere = Access.plain(URI.create("http://127.0.0.1:1"));
        CurrentConnection connection = new CurrentConnection(() -> nowhere);
        Connection last = connection.get();
        connection.close();
        connection.replace(last);
        assertThat(connection.get()).isSameAs(last);
    }

    private static void ask(ApiClient client, List<String> failures) {
        for (int i = 0; i < 150; i++) {
            try {
                client.get("/");
            } catch (ApiException e) {
                assertThat(e.status()).isEqualTo(401); // the token was replaced twice in one request
            } catch (UnreachableException e) {
                failures.add(e.getMessage());
            }
        }
    }
}
