package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.DnsName;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import fyr.model.name.DnsView;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Clients over UDP that want too much, and what goes wrong in a listener. */
class UdpListenerTest {

    private final PatientForwarder upstream = new PatientForwarder();
    private final AtomicInteger drops = new AtomicInteger();
    private final Set<InetAddress> limited = ConcurrentHashMap.newKeySet();
    /** Made once: made for each query it would take longer than all else. */
    private final Optional<DnsView> shop = Optional.of(Shop.view());

    private Supplier<Optional<DnsView>> view = () -> shop;
    private final DnsServer server = DnsServer.start(
            List.of(new InetSocketAddress("127.0.0.1", 0)), Shop.ZONE, () -> view.get(), upstream, new Drops());

    @AfterEach
    void stop() {
        upstream.answer();
        server.close();
    }

    private final class Drops implements DnsCounters {
        @Override
        public void answered(RecordType type, ResponseCode code, Source source) {}

        @Override
        public void dropped() {
            drops.incrementAndGet();
        }

        @Override
        public void limited(InetAddress client) {
            drops.incrementAndGet();
            limited.add(client);
        }
    }

    private DatagramSocket client(String address) throws IOException {
        DatagramSocket client = new DatagramSocket(new InetSocketAddress(address, 0));
        client.connect(server.addresses().getFirst());
        client.setSoTimeout(5000);
        return client;
    }

    private static void ask(DatagramSocket client, String name) throws IOException {
        Question question = new Question(DnsName.parse(name), RecordType.A);
        byte[] query = MessageWriter.write(Message.of(7, Flags.query(false), List.of(question), Optional.empty()), 512);
        client.send(new DatagramPacket(query, query.length));
    }

    private static Message answer(DatagramSocket client) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        client.receive(packet);
        return MessageReader.read(packet.getData(), packet.getLength());
    }

    private static void await(AtomicInteger number, int value) throws InterruptedException {
        for (int i = 0; i < 500 && number.get() < value; i++) {
            Thread.sleep(10);
        }
        assertThat(number.get()).isGreaterThanOrEqualTo(value);
    }

    /** Sends until so many are being forwarded, and then some more. */
    private void flood(DatagramSocket client, int forwarded) throws Exception {
        long end = System.nanoTime() + 20_000_000_000L;
        for (int i = 0; upstream.asked() < forwarded && System.nanoTime() < end; i++) {
            ask(client, i + ".test");
            if (i % 10 == 0) {
                Thread.sleep(1);
            }
        }
        int before = drops.get();
        for (int i = 0; i < 500 && drops.get() == before; i++) {
            ask(client, "more.test");
            Thread.sleep(10);
        }
        assertThat(drops.get()).isGreaterThan(before);
        assertThat(upstream.asked()).isEqualTo(forwarded);
    }

    /** Waits until the listener has read what the flood left in the socket: on a slow machine that takes longer than dig waits. */
    private void floodIsRead() throws InterruptedException {
        int before = -1;
        for (int i = 0; i < 100 && drops.get() != before; i++) {
            before = drops.get();
            Thread.sleep(200);
        }
    }

    @Test
    void oneClientTakesItsShareAndNoMore() throws Exception {
        try (DatagramSocket greedy = client("127.0.0.1");
                DatagramSocket other = client("127.0.0.2")) {
            flood(greedy, DnsServer.FORWARDS_OF_CLIENT);
            for (int i = 0; i < 500 && upstream.asked() == DnsServer.FORWARDS_OF_CLIENT; i++) {
                ask(other, "other.test"); // more than once: the kernel may have no room yet beside the flood
                Thread.sleep(10);
            }
            assertThat(upstream.asked()).isGreaterThan(DnsServer.FORWARDS_OF_CLIENT);
            upstream.answer();
            assertThat(answer(other).code()).isEqualTo(ResponseCode.SERVFAIL);
            assertThat(limited).containsExactly(InetAddress.getByName("127.0.0.1"));
        }
    }

    @Test
    void allClientsTogetherHaveALimitAndTheClustersNamesGoOn() throws Exception {
        for (int forwarded = 0; forwarded < DnsServer.MOST_FORWARDS; ) {
            forwarded += DnsServer.FORWARDS_OF_CLIENT;
            try (DatagramSocket client = client("127.0.0." + forwarded / DnsServer.FORWARDS_OF_CLIENT)) {
                flood(client, forwarded);
            }
        }
        try (DatagramSocket late = client("127.0.0.99")) {
            flood(late, DnsServer.MOST_FORWARDS);
        }
        floodIsRead();
        assertThat(Dig.at(server.addresses().getFirst(), "+short", "web.shop.svc.cluster.local"))
                .isEqualTo("10.96.0.7\n");
    }

    @Test
    void anErrorEndsNoListener() throws Exception {
        view = () -> {
            throw new AssertionError("as an internal error would");
        };
        try (DatagramSocket client = client("127.0.0.1")) {
            for (int i = 0; i < 20; i++) {
                ask(client, "web.shop.svc.cluster.local");
            }
            await(drops, 20); // so few have room on loopback
            view = () -> Optional.of(Shop.view());
            ask(client, "web.shop.svc.cluster.local");
            assertThat(answer(client).answers()).hasSize(1);
        }
    }

    /** Witness: the file status flags that the kernel shows (man 5 proc_pid_fdinfo). */
    @Test
    void aForwardedAnswerLeavesTheSocketBlocking() throws Exception {
        upstream.answer();
        try (DatagramSocket client = client("127.0.0.1")) {
            for (int i = 0; i < 8; i++) {
                ask(client, "a.test");
                assertThat(answer(client).code()).isEqualTo(ResponseCode.SERVFAIL);
            }
        }
        String port = "%04X".formatted(server.addresses().getFirst().getPort());
        List<String> inodes = Files.readAllLines(Path.of("/proc/self/net/udp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(words -> words[1].equals("0100007F:" + port))
                .map(words -> "socket:[" + words[9] + "]")
                .toList();
        assertThat(inodes).isNotEmpty();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            List<Path> sockets =
                    descriptors.filter(fd -> inodes.contains(target(fd))).toList();
            assertThat(sockets).hasSameSizeAs(inodes);
            for (Path socket : sockets) {
                String info = Files.readString(
                        Path.of("/proc/self/fdinfo", socket.getFileName().toString()));
                int flags = Integer.parseInt(info.replaceAll("(?s).*flags:\\s*(\\d+).*", "$1"), 8);
                assertThat(flags & 04000).as("O_NONBLOCK").isZero();
            }
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    @Test
    void onceItIsClosedTheAddressIsFree() {
        InetSocketAddress address = server.addresses().getFirst();
        DnsServer last = server;
        for (int i = 0; i < 20; i++) {
            last.close();
            last = DnsServer.start(List.of(address), Shop.ZONE, view::get, upstream, new Drops());
        }
        last.close();
    }

    @Test
    void anErrorInAForwarderTakesNoShareAwayForGood() throws Exception {
        upstream.answer();
        try (DatagramSocket client = client("127.0.0.1")) {
            for (int i = 0; i < 2 * DnsServer.FORWARDS_OF_CLIENT; i++) {
                int before = drops.get();
                ask(client, "a.broken.test");
                await(drops, before + 1);
            }
            assertThat(limited).isEmpty();
            ask(client, "a.test");
            assertThat(answer(client).code()).isEqualTo(ResponseCode.SERVFAIL);
        }
    }
}
