package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.dns.answer.ClusterAnswers;
import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients over TCP that are slow, silent, greedy or hasty. */
class TcpListenerTest {

    private static final TcpLimits LIMITS = new TcpLimits(
            6, 4, Duration.ofMillis(600), Duration.ofMillis(300), Duration.ofMillis(500), 4, 100_000, 1000);

    private final PatientForwarder upstream = new PatientForwarder();
    private final Forwards forwards = new Forwards(new Forwards.Limits(8, 6, 100_000), System::nanoTime);
    private final AtomicInteger answered = new AtomicInteger();
    private final List<String> unanswered = new CopyOnWriteArrayList<>();
    private final DnsCounters counters = new DnsCounters() {
        @Override
        public void answered(RecordType type, ResponseCode code, Source source) {
            answered.incrementAndGet();
        }

        @Override
        public void dropped() {
            unanswered.add("dropped");
        }

        @Override
        public void limited(InetAddress client) {
            unanswered.add("limited " + client.getHostAddress());
        }
    };
    private final List<Socket> clients = new ArrayList<>();
    private ServerSocketChannel channel;
    private TcpListener listener;

    @BeforeEach
    void start() throws IOException {
        start(LIMITS);
    }

    private void start(TcpLimits limits) throws IOException {
        ClusterAnswers answers = new ClusterAnswers(Shop.ZONE, new Random(1));
        QueryHandler handler = new QueryHandler(answers, () -> Optional.of(Shop.view()), upstream, counters);
        channel = ServerSocketChannel.open().bind(new InetSocketAddress("127.0.0.1", 0));
        listener = new TcpListener(channel, handler, forwards, limits);
        Thread.ofPlatform().daemon().name(threadName()).start(listener);
    }

    /** For tests that do not depend on the speed of the machine. */
    private void startPatiently() throws IOException {
        listener.close();
        Duration patience = Duration.ofSeconds(20);
        start(new TcpLimits(6, 4, patience, patience, patience, 4, 100_000, LIMITS.burst()));
    }

    private String threadName() {
        return "tcp " + channel.socket().getLocalPort();
    }

    @AfterEach
    void stop() throws IOException {
        upstream.answer();
        listener.close();
        for (Socket client : clients) {
            client.close();
        }
    }

    private Socket client(String from) throws IOException {
        ServerSocket server = channel.socket();
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort(), InetAddress.getByName(from), 0);
        socket.setSoTimeout(5000);
        clients.add(socket);
        return socket;
    }

    private static byte[] query(int id, String name) {
        Question question = new Question(DnsName.parse(name), RecordType.A);
        return MessageWriter.write(Message.of(id, Flags.query(false), List.of(question), Optional.empty()), 512);
    }

    private static void ask(Socket client, int id, String name) throws IOException {
        client.getOutputStream().write(MessageWriter.frame(query(id, name)));
    }

    private static Message answer(Socket client) throws IOException {
        DataInputStream in = new DataInputStream(client.getInputStream());
        byte[] bytes = in.readNBytes(in.readUnsignedShort());
        return MessageReader.read(bytes, bytes.length);
    }

    /** Waits until the server closes the connection; as long as the socket has patience. */
    private static void awaitClosed(Socket client) throws IOException {
        try {
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        } catch (SocketException e) {
            assertThat(e).hasMessageContaining("reset");
        }
    }

    private void awaitConnections(int count) throws InterruptedException {
        for (int i = 0; i < 300 && listener.connections().size() != count; i++) {
            Thread.sleep(10);
        }
        assertThat(listener.connections()).hasSize(count);
    }

    @Test
    void anIdleConnectionIsClosed() throws Exception {
        Socket client = client("127.0.0.1");
        ask(client, 1, "web.shop.svc.cluster.local");
        assertThat(answer(client).answers()).hasSize(1);
        awaitClosed(client);
        awaitConnections(0);
    }

    @Test
    void aListenerThatIsClosedLeavesNoThreadNoPortAndNoConnection() throws Exception {
        Socket client = client("127.0.0.1");
        ask(client, 1, "web.shop.svc.cluster.local");
        assertThat(answer(client).answers()).hasSize(1);
        assertThat(listener.remembered()).as("whose rate is known").isEqualTo(1);
        InetSocketAddress at = (InetSocketAddress) channel.getLocalAddress();
        String thread = threadName();
        listener.close();
        awaitClosed(client);
        assertThatThrownBy(() -> new Socket(at.getAddress(), at.getPort()).close())
                .isInstanceOf(ConnectException.class);
        try (ServerSocketChannel next = ServerSocketChannel.open().bind(at)) {
            assertThat(next.isOpen()).isTrue();
        }
        for (int i = 0; i < 300 && isRunning(thread); i++) {
            Thread.sleep(10);
        }
        assertThat(isRunning(thread)).isFalse();
    }

    private static boolean isRunning(String thread) {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(one -> one.getName().equals(thread));
    }

    @Test
    void aMessageThatDripsHoldsNoConnection() throws Exception {
        Socket client = client("127.0.0.1");
        Thread.ofVirtual().start(() -> {
            try {
                while (true) {
                    client.getOutputStream().write(0);
                    client.getOutputStream().write(40);
                    Thread.sleep(100);
                }
            } catch (IOException | InterruptedException e) {
                return; // closed, as it should be
            }
        });
        awaitClosed(client);
        awaitConnections(0);
    }

    @Test
    void aClientThatReadsNoAnswersIsClosed() throws Exception {
        Socket client = client("127.0.0.1");
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 10_000_000; i++) {
                        ask(client, 1, "db.shop.svc.cluster.local"); // its answers soon fill every buffer on the way
                    }
                })
                .isInstanceOf(SocketException.class);
        awaitConnections(0);
    }

    @Test
    void whatIsKnownOvertakesWhatIsForwarded() throws Exception {
        Socket client = client("127.0.0.1");
        ask(client, 1, "slow.test");
        ask(client, 2, "web.shop.svc.cluster.local");
        ask(client, 3, "slower.test");
        assertThat(answer(client).id()).isEqualTo(2);
        upstream.answer();
        assertThat(List.of(answer(client).id(), answer(client).id())).containsExactlyInAnyOrder(1, 3);
    }

    @Test
    void aPipelineTakesOnlySoManyForwards() throws Exception {
        Socket client = client("127.0.0.1");
        for (int id = 1; id <= 7; id++) {
            ask(client, id, id + ".test");
        }
        Thread.sleep(300); // the pipeline's limit waits for as long as it takes
        assertThat(forwards.pending()).isEqualTo(LIMITS.pipelined());
        assertThat(listener.connections()).hasSize(1);
        upstream.answer();
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.add(answer(client).id());
        }
        assertThat(ids).containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7);
        assertThat(forwards.pending()).isZero();
    }

    @Test
    void whoeverWaitsTooLongForItsTurnSeesTheConnectionEnd() throws Exception {
        Socket first = client("127.0.0.1");
        Socket second = client("127.0.0.1");
        for (int id = 1; id <= 3; id++) {
            ask(first, id, id + ".test");
            ask(second, id, id + ".test");
        }
        Thread.sleep(100);
        assertThat(forwards.pending()).as("all that one client may have").isEqualTo(6);
        Socket third = client("127.0.0.1");
        Socket other = client("127.0.0.2");
        ask(third, 7, "7.test");
        ask(other, 8, "8.test");
        awaitClosed(third);
        assertThat(unanswered).containsExactly("limited 127.0.0.1");
        upstream.answer();
        assertThat(answer(other).id()).isEqualTo(8);
    }

    @Test
    void whoeverWaitsForWhatOthersTookIsNotTheOneWhoAsksTooMuch() throws Exception {
        for (int i = 0; i < 8; i++) {
            assertThat(forwards.tryAcquire(InetAddress.getByName("127.0.1." + i)))
                    .isEqualTo(Forwards.Turn.TAKEN);
        }
        Socket client = client("127.0.0.1");
        ask(client, 1, "1.test");
        awaitClosed(client);
        assertThat(unanswered).containsExactly("dropped");
    }

    @Test
    void aClientThatHasSaidAllGetsItsAnswers() throws Exception {
        Socket client = client("127.0.0.1");
        ask(client, 1, "slow.test");
        client.shutdownOutput();
        Thread.sleep(100);
        upstream.answer();
        assertThat(answer(client).id()).isEqualTo(1);
        awaitClosed(client);
    }

    @Test
    void neitherOneClientNorAllHaveMoreThanTheirConnections() throws Exception {
        for (int i = 0; i < 4; i++) {
            client("127.0.0.1");
        }
        awaitConnections(4);
        awaitClosed(client("127.0.0.1"));
        client("127.0.0.2");
        Socket last = client("127.0.0.3");
        awaitConnections(6);
        awaitClosed(client("127.0.0.4"));
        ask(last, 1, "web.shop.svc.cluster.local");
        assertThat(answer(last).answers()).hasSize(1);
        awaitConnections(0); // all were idle
        Socket next = client("127.0.0.1");
        ask(next, 2, "web.shop.svc.cluster.local");
        assertThat(answer(next).answers()).hasSize(1);
    }

    /** Padding makes it as large as a message can be (RFC 7830). */
    @ParameterizedTest
    @ValueSource(ints = {0, 900, 1024, 5000, 65_000})
    void aQueryOfAnySizeIsAnsweredAndSoIsTheNext(int padding) throws Exception {
        Socket client = client("127.0.0.1");
        Question question = new Question(DnsName.parse("web.shop.svc.cluster.local"), RecordType.A);
        Edns padded = new Edns(1232, 0, false, List.of(new Edns.Option(12, new byte[padding])));
        ByteArrayOutputStream queries = new ByteArrayOutputStream();
        for (int id = 1; id <= 3; id++) {
            Message query = Message.of(id, Flags.query(false), List.of(question), Optional.of(padded));
            queries.writeBytes(MessageWriter.frame(MessageWriter.write(query, 0xffff)));
        }
        client.getOutputStream().write(queries.toByteArray());
        ask(client, 4, "web.shop.svc.cluster.local");
        for (int id = 1; id <= 4; id++) {
            Message answer = answer(client);
            assertThat(answer.id()).isEqualTo(id);
            assertThat(answer.answers()).hasSize(1);
        }
    }

    @Test
    void aQueryMayComeInParts() throws Exception {
        Socket client = client("127.0.0.1");
        client.setTcpNoDelay(true);
        Question question = new Question(DnsName.parse("web.shop.svc.cluster.local"), RecordType.A);
        byte[] query = MessageWriter.frame(
                MessageWriter.write(Message.of(1, Flags.query(false), List.of(question), Optional.empty()), 512));
        for (int at = 0; at < query.length; at++) {
            client.getOutputStream().write(query[at]);
            if (at < 4) {
                Thread.sleep(10); // one packet for each byte of the length, and of the id
            }
        }
        assertThat(answer(client).answers()).hasSize(1);
    }

    @Test
    void moreQueriesThanATurnHasAreAllAnsweredInTheirOrder() throws Exception {
        Socket client = client("127.0.0.1");
        for (int id = 1; id <= 100; id++) {
            ask(client, id, "web.shop.svc.cluster.local");
        }
        for (int id = 1; id <= 100; id++) {
            assertThat(answer(client).id()).isEqualTo(id);
        }
    }

    @Test
    void whatIsNoQueryIsPassedOver() throws Exception {
        Socket client = client("127.0.0.1");
        client.getOutputStream().write(new byte[] {0, 0, 0, 3, 1, 2, 3});
        ask(client, 1, "web.shop.svc.cluster.local");
        assertThat(answer(client).id()).isEqualTo(1);
    }

    /** More of them than fit into the pipeline, than one client may have, and than all may. */
    @Test
    void anErrorInAForwarderTakesNoShareAwayForGood() throws Exception {
        Socket client = client("127.0.0.1");
        for (int id = 1; id <= 20; id++) {
            ask(client, id, id + ".broken.test");
        }
        upstream.answer();
        ask(client, 21, "a.test");
        assertThat(answer(client).id()).isEqualTo(21);
        assertThat(upstream.asked()).isEqualTo(21);
        assertThat(forwards.pending()).isZero();
    }

    @Test
    void whoeverWaitsForItsTurnIsServedOnceThereIsRoom() throws Exception {
        InetAddress others = InetAddress.getByName("127.0.1.1");
        InetAddress more = InetAddress.getByName("127.0.1.2");
        for (int i = 0; i < 8; i++) {
            assertThat(forwards.tryAcquire(i < 4 ? others : more)).isEqualTo(Forwards.Turn.TAKEN);
        }
        Socket client = client("127.0.0.1");
        ask(client, 1, "1.test");
        Thread.sleep(150);
        assertThat(upstream.asked()).isZero();
        forwards.release(others);
        upstream.answer();
        assertThat(answer(client).id()).isEqualTo(1);
        assertThat(unanswered).isEmpty();
    }

    /** RFC 7766 section 6.2.3: a connection is idle only if nothing is asked. */
    @Test
    void aConnectionInUseStaysOpenBeyondTheIdleTime() throws Exception {
        upstream.answer();
        Socket client = client("127.0.0.1");
        for (int id = 1; id <= 6; id++) {
            ask(client, id, id % 2 == 0 ? "a.test" : "web.shop.svc.cluster.local");
            assertThat(answer(client).id()).isEqualTo(id);
            Thread.sleep(LIMITS.idle().dividedBy(3));
        }
    }

    /**
     * The answers are more than every buffer on the way takes, and the queries more than come at once. The small receive buffer counts: the
     * kernel would let it grow to the size of all answers.
     */
    @Test
    void aClientThatReadsLateGetsAllItsAnswers() throws Exception {
        startPatiently();
        int queries = 3 * LIMITS.burst();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int id = 1; id <= queries; id++) {
            all.writeBytes(MessageWriter.frame(query(id, "db.shop.svc.cluster.local")));
        }
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(1 << 16);
            client.setSoTimeout(5000);
            client.connect(channel.getLocalAddress());
            Thread asking = Thread.ofVirtual().start(() -> {
                try {
                    client.getOutputStream().write(all.toByteArray());
                } catch (IOException e) {
                    return; // the answers that are missing tell
                }
            });
            for (int before = -1; answered.get() == 0 || answered.get() > before; ) {
                before = answered.get();
                Thread.sleep(300);
            }
            assertThat(answered.get()).as("the rest waits for room").isLessThan(queries);
            for (int id = 1; id <= queries; id++) {
                Message answer = answer(client);
                assertThat(answer.id()).isEqualTo(id);
                assertThat(answer.answers()).hasSize(200);
            }
            asking.join();
        }
    }

    /** Witness: the clock ticks of the thread that the kernel shows (man 5 proc_pid_stat). */
    @Test
    void connectionsThatWaitTakeNoProcessor() throws Exception {
        startPatiently();
        Socket idle = client("127.0.0.1");
        ask(idle, 1, "web.shop.svc.cluster.local");
        assertThat(answer(idle).answers()).hasSize(1);
        Socket full = client("127.0.0.1");
        Socket waiting = client("127.0.0.1");
        for (int id = 1; id <= 200; id++) { // more than is read before these are forwarded
            ask(full, id, id + ".test"); // more than are forwarded for one connection
            ask(waiting, id, id + ".test"); // more than are forwarded for one client
        }
        Thread.sleep(100);
        long before = ticks();
        Thread.sleep(1000);
        assertThat(listener.connections()).hasSize(3);
        assertThat(ticks() - before).as("of 100 ticks").isLessThan(15);
    }

    private long ticks() throws IOException {
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
            for (Path thread : threads) {
                if (Files.readString(thread.resolve("comm")).strip().equals(threadName())) {
                    String stat = Files.readString(thread.resolve("stat"));
                    String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                    return Long.parseLong(words[11]) + Long.parseLong(words[12]);
                }
            }
        }
        throw new AssertionError("no thread " + threadName());
    }

    @Test
    void aClientThatAskedLongAgoIsForgotten() throws Exception {
        Socket client = client("127.0.0.1");
        ask(client, 1, "web.shop.svc.cluster.local");
        assertThat(answer(client).answers()).hasSize(1);
        for (int i = 0; i < 300 && listener.remembered() > 0; i++) {
            Thread.sleep(10);
        }
        assertThat(listener.remembered()).isZero();
    }
}
