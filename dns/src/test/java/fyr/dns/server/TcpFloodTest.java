package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.forward.Forwarder;
import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients over TCP that always have a query ready, and read every answer. */
class TcpFloodTest {

    private static final int BATCH = 500;

    private final AtomicLong answers = new AtomicLong();
    private final List<Socket> clients = new ArrayList<>();
    private Optional<TcpListener> listener = Optional.empty();
    private InetSocketAddress address = new InetSocketAddress(0);

    private void listen(int perSecond, int burst) throws IOException {
        QueryHandler handler = new QueryHandler(
                new ClusterAnswers(Shop.ZONE, new Random(1)),
                () -> Optional.of(Shop.view()),
                Forwarder.none(),
                DnsCounters.none());
        TcpLimits limits = new TcpLimits(
                512, 64, Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(5), 32, perSecond, burst);
        ServerSocketChannel channel = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        address = (InetSocketAddress) channel.getLocalAddress();
        Forwards forwards = new Forwards(new Forwards.Limits(8, 6, 1000), System::nanoTime);
        TcpListener started = new TcpListener(channel, handler, forwards, limits);
        listener = Optional.of(started);
        Thread.ofPlatform().daemon().start(started);
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket client : clients) {
            client.close();
        }
        if (listener.isPresent()) {
            listener.get().close();
        }
    }

    private void flood(String from) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort(), InetAddress.getByName(from), 0);
        clients.add(socket);
        ByteArrayOutputStream queries = new ByteArrayOutputStream();
        Question question = new Question(DnsName.parse("db.shop.svc.cluster.local"), RecordType.A);
        for (int id = 0; id < BATCH; id++) {
            queries.writeBytes(MessageWriter.frame(
                    MessageWriter.write(Message.of(id, Flags.query(false), List.of(question), Optional.empty()), 512)));
        }
        Thread.ofPlatform().daemon().start(() -> {
            try {
                while (true) {
                    socket.getOutputStream().write(queries.toByteArray());
                }
            } catch (IOException e) {
                return; // the end of the test
            }
        });
        Thread.ofPlatform().daemon().start(() -> {
            try {
                // Large reads, as the server is to be what everything waits for.
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
                while (true) {
                    in.skipNBytes(in.readUnsignedShort());
                    answers.incrementAndGet();
                }
            } catch (IOException e) {
                return; // the end of the test
            }
        });
    }

    /** What the agent does beside, such as to watch the API server, is done by virtual threads too. */
    @Test
    void otherVirtualThreadsGoOn() throws Exception {
        listen(10_000_000, 10_000_000);
        CountDownLatch ticks = new CountDownLatch(100);
        int connections = 4 * Runtime.getRuntime().availableProcessors();
        for (int i = 0; i < connections; i++) {
            flood("127.0.0." + (1 + i));
        }
        while (answers.get() < 10_000) {
            Thread.sleep(10);
        }
        long before = answers.get();
        Thread.ofVirtual().start(() -> {
            try {
                while (ticks.getCount() > 0) {
                    Thread.sleep(10);
                    ticks.countDown();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(ticks.await(30, TimeUnit.SECONDS))
                .as("%s ticks to come", ticks)
                .isTrue();
        assertThat(answers.get()).as("the flood went on").isGreaterThan(before + 1000);
    }

    /** However many connections it has; and nothing is lost. */
    @Test
    void aClientHasItsRate() throws Exception {
        listen(500, 100);
        long began = System.nanoTime();
        for (int i = 0; i < 4; i++) {
            flood("127.0.0.1");
        }
        while (answers.get() < 600) {
            Thread.sleep(10);
        }
        assertThat(System.nanoTime() - began)
                .isGreaterThan(Duration.ofMillis(950).toNanos());
        assertThat(answers.get()).isLessThanOrEqualTo(110 + (System.nanoTime() - began) / 2_000_000);
    }
}
