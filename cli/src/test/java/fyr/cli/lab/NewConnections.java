package fyr.cli.lab;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A client that opens new connections at a rate, whether earlier ones have been answered or not, with one request each, until a file
 * exists. Runs in a pod, as a program of its own: {@code java NewConnections.java ADDRESS PORT RATE FILE}.
 */
final class NewConnections {

    private static final int PATIENCE_MILLIS = 10_000;
    private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);

    private NewConnections() {}

    public static void main(String[] args) throws InterruptedException {
        InetSocketAddress target = new InetSocketAddress(args[0], Integer.parseInt(args[1]));
        long pause = 1_000_000_000L / Integer.parseInt(args[2]);
        Path end = Path.of(args[3]);
        LongAdder answered = new LongAdder();
        Map<String, Integer> failures = new ConcurrentSkipListMap<>();
        long begin = System.nanoTime();
        long count = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (; !(count % 100 == 0 && Files.exists(end)); count++) {
                LockSupport.parkNanos(begin + count * pause - System.nanoTime());
                threads.execute(() -> {
                    try {
                        ask(target);
                        answered.increment();
                    } catch (IOException failure) {
                        failures.merge(
                                failure.getClass().getSimpleName() + ": " + failure.getMessage(), 1, Integer::sum);
                        System.out.println(Instant.now() + " " + failure);
                    }
                });
            }
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        System.out.printf(
                "connections=%d answered=%d failed=%d seconds=%.1f rate=%.0f%n",
                count, answered.sum(), count - answered.sum(), seconds, count / seconds);
        failures.forEach((what, times) -> System.out.println(times + " x " + what));
    }

    private static void ask(InetSocketAddress target) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(target, PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(REQUEST);
            InputStream in = socket.getInputStream();
            int last = 0;
            for (int octet = in.read(); !(last == '}' && octet == '\n'); octet = in.read()) {
                if (octet < 0) {
                    throw new IOException("the connection ended within an answer");
                }
                last = octet;
            }
        }
    }
}
