package fyr.agent;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.agent.observe.Metrics;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever bytes reach the health port, the next probe is answered. */
class HostileHttpTest {

    private static final String REQUEST =
            "GET /metrics HTTP/1.1\r\nHost: node\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    private static final String[] SPLINTERS = {
        "\r\n",
        "\n",
        "\0",
        "%",
        "%zz",
        "/../",
        "//",
        "HTTP/9.9",
        "Content-Length: -1\r\n",
        "Content-Length: 9999999999999\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Expect: 100-continue\r\n",
        "\u00ff",
        "POST ",
        "a".repeat(5000)
    };

    private int port;
    private HealthServer server;

    @BeforeEach
    void start() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket free = new ServerSocket(0, 1, loopback)) {
            port = free.getLocalPort();
        }
        server = HealthServer.start(
                new InetSocketAddress(loopback, port),
                Readiness.Ready::new,
                Readiness.Ready::new,
                Optional::empty,
                new Metrics());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private void answersProbes() throws IOException {
        assertThat(ask("GET /healthz HTTP/1.1\r\nHost: node\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 200 OK")
                .endsWith("ok\n");
    }

    @Test
    void mutatedRequests() throws IOException {
        for (int seed = 0; seed < 2_000; seed++) {
            try {
                ask(mutate(new SplittableRandom(seed)));
            } catch (SocketException closedByTheServer) {
                assertThat(closedByTheServer).hasMessageNotContaining("refused");
            }
        }
        answersProbes();
    }

    /** A client that connects and sends nothing, or sends slowly, neither delays the next probe nor keeps a connection for ever. */
    @Test
    void connectionsThatSayNothing() throws IOException {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = connect();
                silent.add(socket);
                socket.getOutputStream().write("GET /met".getBytes(ISO_8859_1));
            }
            answersProbes();
            assertThat(ended(silent.getFirst())).isTrue();
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
        answersProbes();
    }

    private static boolean ended(Socket socket) throws IOException {
        InputStream input = socket.getInputStream();
        try {
            input.readAllBytes();
            return true;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static String mutate(SplittableRandom random) {
        StringBuilder text = new StringBuilder(REQUEST);
        for (int change = random.nextInt(4); change >= 0; change--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + random.nextInt(12));
            switch (random.nextInt(3)) {
                case 0 -> text.replace(at, end, SPLINTERS[random.nextInt(SPLINTERS.length)]);
                case 1 -> text.setCharAt(at, (char) random.nextInt(256));
                default -> text.insert(at, text.substring(at, end));
            }
        }
        return text.substring(0, random.nextInt(8) == 0 ? random.nextInt(text.length()) : text.length());
    }
}
