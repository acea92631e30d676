package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Forwarded answers on their way to clients. */
class UdpSenderTest {

    private final AtomicInteger drops = new AtomicInteger();
    private final List<String> log = new CopyOnWriteArrayList<>();
    private final DnsCounters counters = new DnsCounters() {
        @Override
        public void answered(RecordType type, ResponseCode code, Source source) {}

        @Override
        public void dropped() {
            drops.incrementAndGet();
        }

        @Override
        public void limited(InetAddress client) {}
    };
    private final UdpSender sender = new UdpSender(2, counters, new Mishaps(System::nanoTime, log::add));

    @Test
    void answersBeyondTheQueueAreDroppedAndTheOthersSent() throws Exception {
        try (DatagramChannel channel = DatagramChannel.open();
                DatagramSocket client = client()) {
            for (int i = 1; i <= 5; i++) {
                sender.send(new UdpSender.Answer(channel, new byte[i], client.getLocalSocketAddress()));
            }
            assertThat(drops).hasValue(3);
            Thread running = Thread.ofPlatform().daemon().start(sender);
            assertThat(received(client)).isEqualTo(1);
            assertThat(received(client)).isEqualTo(2);
            running.interrupt();
            running.join();
        }
    }

    @Test
    void anAnswerThatCannotBeSentStopsNoOthers() throws Exception {
        try (DatagramChannel channel = DatagramChannel.open();
                DatagramSocket client = client()) {
            Thread running = Thread.ofPlatform().daemon().start(sender);
            byte[] largerThanAnyDatagram = new byte[65_536];
            sender.send(new UdpSender.Answer(channel, largerThanAnyDatagram, client.getLocalSocketAddress()));
            sender.send(new UdpSender.Answer(channel, new byte[7], client.getLocalSocketAddress()));
            assertThat(received(client)).isEqualTo(7);
            assertThat(drops).hasValue(1);
            assertThat(log).hasSize(1).first().asString().startsWith("a forwarded DNS answer was not sent: ");
            running.interrupt();
            running.join();
        }
    }

    private static DatagramSocket client() throws IOException {
        DatagramSocket client = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        client.setSoTimeout(5000);
        return client;
    }

    private static int received(DatagramSocket client) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        client.receive(packet);
        return packet.getLength();
    }
}
