package fyr.bgp.bfd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.bgp.path.Links;
import fyr.bgp.path.PeerAddress;
import fyr.bgp.path.SocketAddresses;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Speakers at addresses of the loopback link, chosen at random because the port is always the same one. */
class BfdSpeakerTest {

    /** So long a detection time that a machine that is busy does not bring a session down. */
    private static final BfdSettings SETTINGS = Drive.settings(50, 50, 200);

    private static final Random RANDOM = new Random();

    private final IpAddress here = loopback();
    private final IpAddress there = loopback();
    private final News news = new News();
    private final News newsThere = new News();
    private final LinkedBlockingQueue<String> log = new LinkedBlockingQueue<>();
    private BfdSpeaker speaker = start(here, news);

    private static IpAddress loopback() {
        return IpAddress.parse(
                "127." + (1 + RANDOM.nextInt(250)) + "." + RANDOM.nextInt(250) + "." + (1 + RANDOM.nextInt(250)));
    }

    /** What a listener was told, one line each. */
    private static final class News implements BfdListener {
        final LinkedBlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Override
        public void up(PeerAddress peer) {
            lines.add("up " + peer);
        }

        @Override
        public void down(PeerAddress peer, Diagnostic diagnostic) {
            lines.add("down " + peer + ": " + diagnostic);
        }

        @Override
        public void suspended(PeerAddress peer, Diagnostic diagnostic) {
            lines.add("suspended " + peer + ": " + diagnostic);
        }

        void assertNext(String line) throws InterruptedException {
            assertThat(lines.poll(20, TimeUnit.SECONDS)).isEqualTo(line);
        }
    }

    /** On the loopback link there is nobody to keep out. */
    private static final class NoOptions implements BfdOptions {
        @Override
        public void sendWithHops(DatagramChannel channel, int hops) throws IOException {
            assertThat(hops).isEqualTo(255);
            assertThat(((InetSocketAddress) channel.getLocalAddress()).getPort())
                    .isBetween(49152, 65535);
        }

        @Override
        public void dropOtherHops(DatagramChannel channel, int hops) throws IOException {
            assertThat(hops).isEqualTo(255);
            assertThat(((InetSocketAddress) channel.getLocalAddress()).getPort())
                    .isEqualTo(3784);
        }
    }

    private static final class NoLinks implements Links {
        @Override
        public OptionalInt index(String name) {
            return OptionalInt.empty();
        }

        @Override
        public Optional<String> name(int index) {
            return Optional.empty();
        }
    }

    private BfdSpeaker start(IpAddress address, News listener) {
        try {
            return BfdSpeaker.start(List.of(address), new NoOptions(), new NoLinks(), listener, log::add);
        } catch (IOException refused) {
            throw new AssertionError(refused);
        }
    }

    @AfterEach
    void close() {
        speaker.close();
    }

    private void watch(BfdSpeaker from, IpAddress local, IpAddress peer) {
        from.watch(PeerAddress.of(peer), Optional.of(local), SETTINGS);
    }

    private static BfdStatus until(BfdSpeaker speaker, Predicate<BfdStatus> wanted) throws Exception {
        for (int i = 0; i < 1000; i++) {
            BfdStatus status = speaker.peers().get(10, TimeUnit.SECONDS).getFirst();
            if (wanted.test(status)) {
                return status;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("not in time: " + speaker.peers().get());
    }

    @Test
    void twoSpeakers() throws Exception {
        try (BfdSpeaker other = start(there, newsThere)) {
            watch(speaker, here, there);
            watch(other, there, here);
            news.assertNext("up " + there);
            newsThere.assertNext("up " + here);
            BfdStatus status =
                    until(speaker, peer -> peer.transmitInterval() == 50_000 && peer.detectionTime() == 10_000_000);
            assertThat(status.phase()).isEqualTo(BfdPhase.UP);
            assertThat(status.remotePhase()).isEqualTo(BfdPhase.UP);
            assertThat(status.sent()).isPositive();
            assertThat(status.received()).isPositive();

            other.watch(PeerAddress.of(here), Optional.of(there), Drive.settings(60, 60, 100));
            until(speaker, peer -> peer.transmitInterval() == 60_000 && peer.detectionTime() == 6_000_000);

            other.forget(PeerAddress.of(here));
            news.assertNext("suspended " + there + ": neighbor signaled session down");
            assertThat(other.peers().get()).isEmpty();
            watch(other, there, here);
            news.assertNext("up " + there);
            newsThere.assertNext("up " + here);
        }
        news.assertNext("suspended " + there + ": neighbor signaled session down");
        assertThat(news.lines).isEmpty();
        assertThat(newsThere.lines).isEmpty();
        assertThat(log).isEmpty();
    }

    /** A peer that is driven by hand falls silent. */
    @Test
    void aPeerThatFallsSilentIsDown() throws Exception {
        try (DatagramChannel peer = DatagramChannel.open().bind(address(there))) {
            watch(speaker, here, there);
            ControlPacket first = receive(peer);
            assertThat(first.phase()).isEqualTo(BfdPhase.DOWN);
            assertThat(first.yourDiscriminator()).isZero();
            send(peer, BfdPhase.DOWN, 0);
            while (news.lines.isEmpty()) {
                ControlPacket packet = receive(peer);
                BfdPhase answer = packet.phase() == BfdPhase.INIT ? BfdPhase.UP : BfdPhase.DOWN;
                if (packet.phase() != BfdPhase.UP) {
                    send(peer, answer, first.myDiscriminator());
                }
            }
            news.assertNext("up " + there);
            news.assertNext("down " + there + ": control detection time expired");
            BfdStatus status = speaker.peers().get().getFirst();
            assertThat(status.diagnostic()).isEqualTo(Diagnostic.DETECTION_TIME_EXPIRED);
            assertThat(status.detectionTime()).isZero();
        }
    }

    private static InetSocketAddress address(IpAddress address) throws IOException {
        return new InetSocketAddress(SocketAddresses.host(address), 3784);
    }

    private static ControlPacket receive(DatagramChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(100);
        channel.receive(buffer);
        return (ControlPacket) PacketFormat.read(buffer.flip());
    }

    private void send(DatagramChannel channel, BfdPhase phase, int yours) throws IOException {
        send(
                channel,
                Packets.bytes(new ControlPacket(
                        Diagnostic.NONE, phase, false, false, false, false, 3, 9, yours, 200_000, 50_000, 0)));
    }

    private void send(DatagramChannel channel, byte[] bytes) throws IOException {
        channel.send(ByteBuffer.wrap(bytes), address(here));
    }

    @Test
    void packetsForNobodyAreDiscarded() throws Exception {
        try (DatagramChannel stranger =
                DatagramChannel.open().bind(new InetSocketAddress(SocketAddresses.host(there), 0))) {
            send(stranger, BfdPhase.DOWN, 0);
            send(stranger, BfdPhase.UP, 1234);
            send(stranger, new byte[24]);
            send(stranger, new byte[1400]);
            send(stranger, new byte[0]);
            for (int i = 0; i < 1000 && sum() < 5; i++) {
                Thread.sleep(20);
            }
            assertThat(speaker.discarded().get())
                    .containsEntry(Discard.NO_SESSION, 2L)
                    .containsEntry(Discard.VERSION, 2L)
                    .containsEntry(Discard.TRUNCATED, 1L)
                    .hasSize(3);
        }
    }

    private long sum() throws Exception {
        return speaker.discarded().get().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    @Test
    void whatCannotBeSentIsToldOnce() throws Exception {
        speaker.watch(new PeerAddress(IpAddress.parse("fe80::1"), Optional.of("nowhere0")), Optional.empty(), SETTINGS);
        speaker.watch(
                PeerAddress.of(there), Optional.of(IpAddress.parse("203.0.113.1")), SETTINGS); // of another machine
        for (int i = 0; i < 2; i++) {
            assertThat(log.poll(20, TimeUnit.SECONDS)).startsWith("BFD cannot send to ");
        }
        assertThat(speaker.peers().get()).extracting(BfdStatus::sent).containsExactly(0L, 0L);
        speaker.forget(PeerAddress.of(there));
        assertThat(speaker.peers().get()).hasSize(1);
        assertThat(log).isEmpty();
    }

    @Test
    void anOwnAddressOfALinkNeedsAPeerOnALink() {
        assertThatThrownBy(
                        () -> speaker.watch(PeerAddress.of(there), Optional.of(IpAddress.parse("fe80::1")), SETTINGS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("needs a link");
    }

    @Test
    void aPortThatIsTakenIsRefused() {
        assertThatThrownBy(() ->
                        BfdSpeaker.start(List.of(loopback(), here), new NoOptions(), new NoLinks(), news, log::add))
                .isInstanceOf(BindException.class);
    }

    @Test
    void closingAgainDoesNothing() {
        speaker.close();
        speaker.close();
    }
}
