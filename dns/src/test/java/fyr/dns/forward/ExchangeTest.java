package fyr.dns.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.dns.message.DnsName;
import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import fyr.dns.message.RecordType;
import fyr.dns.message.ResponseCode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One question to one server, and which answers to it are believed. */
class ExchangeTest {

    private static final Question NAME = new Question(DnsName.parse("a.test"), RecordType.A);
    private static final Question OTHER = new Question(DnsName.parse("b.test"), RecordType.A);
    private static final Message QUERY =
            Message.of(0x1234, Flags.query(false), List.of(NAME), Optional.of(Edns.plain(false)));

    private static Message reply(int id, ResponseCode code, Question... questions) {
        return Message.of(id, QUERY.flags().reply(code, false), List.of(questions), Optional.empty());
    }

    private static Optional<Message> believed(Message answer) {
        byte[] bytes = MessageWriter.write(answer, 512);
        return Exchange.answerTo(QUERY, bytes, bytes.length);
    }

    @Test
    void anAnswerToTheQuestionIsBelieved() {
        assertThat(believed(reply(0x1234, ResponseCode.NOERROR, NAME))).isPresent();
        assertThat(believed(reply(0x1234, ResponseCode.SERVFAIL, NAME))).isPresent();
        assertThat(believed(reply(0x1234, ResponseCode.FORMERR, NAME))).isPresent();
    }

    @Test
    void whatMayBeForgedIsNotBelieved() {
        assertThat(believed(reply(0x1235, ResponseCode.NOERROR, NAME)))
                .as("another id")
                .isEmpty();
        assertThat(believed(reply(0x1234, ResponseCode.NOERROR, OTHER)))
                .as("another question")
                .isEmpty();
        assertThat(believed(reply(0x1234, ResponseCode.NOERROR, NAME, OTHER)))
                .as("one question more")
                .isEmpty();
        assertThat(believed(reply(0x1234, ResponseCode.FORMERR, OTHER)))
                .as("the refusal of another question")
                .isEmpty();
        assertThat(believed(QUERY)).as("the query itself").isEmpty();
        byte[] bytes = MessageWriter.write(reply(0x1234, ResponseCode.NOERROR, NAME), 512);
        for (int length = 0; length < bytes.length; length++) {
            assertThat(Exchange.answerTo(QUERY, bytes, length))
                    .as("%d bytes of %d", length, bytes.length)
                    .isEmpty();
        }
    }

    /** As servers send it that do not understand EDNS, and read no further. */
    @Test
    void withoutTheQuestionOnlyARefusalOfTheFormatIsBelieved() {
        assertThat(believed(reply(0x1234, ResponseCode.FORMERR))).isPresent();
        assertThat(believed(reply(0x1234, ResponseCode.NOTIMP))).isPresent();
        assertThat(believed(reply(0x1235, ResponseCode.FORMERR))).isEmpty();
        for (ResponseCode code :
                List.of(ResponseCode.NOERROR, ResponseCode.NXDOMAIN, ResponseCode.SERVFAIL, ResponseCode.REFUSED)) {
            assertThat(believed(reply(0x1234, code))).as("%s", code).isEmpty();
        }
    }

    private static Exchange exchange(InetSocketAddress upstream, Duration budget) {
        long now = System.nanoTime();
        Upstreams upstreams = new Upstreams(List.of(upstream), new SetClock());
        return new Exchange(upstream, upstreams, now, now + budget.toNanos());
    }

    private static ForwardedQuestion question(boolean dnssecOk, boolean checkingDisabled) {
        return new ForwardedQuestion(NAME, dnssecOk, checkingDisabled);
    }

    private static Optional<Message> cut(Message query) {
        return Optional.of(Message.of(
                query.id(),
                query.flags().reply(ResponseCode.NOERROR, false).asTruncated(),
                query.questions(),
                query.edns()));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 200, 2000})
    void anAnswerOfAnySizeIsReadWholeOverTcp(int records) throws Exception {
        String[] addresses = IntStream.range(0, records)
                .mapToObj(i -> "10.1." + i / 256 + "." + i % 256)
                .toArray(String[]::new);
        ScriptedUpstream.Script script = (query, tcp) ->
                tcp ? Optional.of(ScriptedUpstream.reply(query, ResponseCode.NOERROR, addresses)) : cut(query);
        try (ScriptedUpstream upstream = new ScriptedUpstream(script)) {
            Message answer = exchange(upstream.socket(), Duration.ofSeconds(4)).ask(question(false, false));
            assertThat(answer.answers()).hasSize(records);
        }
    }

    @Test
    void theBitsOfTheClientReachTheServer() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.address("192.0.2.1"))) {
            for (boolean set : List.of(true, false)) {
                exchange(upstream.socket(), Duration.ofSeconds(4)).ask(question(set, !set));
                Message query = upstream.queries().getLast();
                assertThat(query.edns().map(Edns::dnssecOk)).contains(set);
                assertThat(query.flags().checkingDisabled()).isEqualTo(!set);
                assertThat(query.questions()).containsExactly(NAME);
            }
        }
    }

    /** A refusal that is cut as well says nothing more over TCP. */
    @Test
    void aRefusalOfEdnsIsNotFetchedOverTcp() throws Exception {
        ScriptedUpstream.Script script = (query, tcp) -> Optional.of(Message.of(
                query.id(),
                (query.edns().isPresent()
                        ? query.flags().reply(ResponseCode.FORMERR, false).asTruncated()
                        : query.flags().reply(ResponseCode.NXDOMAIN, false)),
                query.questions(),
                Optional.empty()));
        try (ScriptedUpstream upstream = new ScriptedUpstream(script)) {
            Message answer = exchange(upstream.socket(), Duration.ofSeconds(4)).ask(question(false, false));
            assertThat(answer.code()).isEqualTo(ResponseCode.NXDOMAIN);
            assertThat(upstream.queries()).hasSize(2);
        }
    }

    @Test
    void aSilentServerFailsAtTheDeadline() throws Exception {
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.silence())) {
            long start = System.nanoTime();
            assertThatThrownBy(() ->
                            exchange(upstream.socket(), Duration.ofMillis(300)).ask(question(false, false)))
                    .isInstanceOf(SocketTimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(250), Exchange.PATIENCE);
            assertThat(upstream.queries()).hasSize(1);
        }
    }

    /** What a server sends of its answer over TCP before it closes the connection. */
    private interface Part {
        void write(OutputStream out, byte[] framed) throws IOException, InterruptedException;
    }

    /** The result of a question whose answer is cut over UDP. */
    private static Message answerOf(Part part) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (ServerSocket tcp = new ServerSocket(0, 50, loopback);
                DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()))) {
            Thread server = Thread.ofVirtual().start(() -> {
                try {
                    serve(udp, tcp, part);
                } catch (IOException | InterruptedException e) {
                    return; // the client closed, as it may
                }
            });
            InetSocketAddress address = (InetSocketAddress) udp.getLocalSocketAddress();
            Message answer = exchange(address, Duration.ofSeconds(4)).ask(question(false, false));
            server.interrupt();
            server.join();
            return answer;
        }
    }

    private static void serve(DatagramSocket udp, ServerSocket tcp, Part part)
            throws IOException, InterruptedException {
        DatagramPacket packet = new DatagramPacket(new byte[512], 512);
        udp.receive(packet);
        Message query = MessageReader.read(packet.getData(), packet.getLength());
        byte[] cut = MessageWriter.write(cut(query).orElseThrow(), 512);
        udp.send(new DatagramPacket(cut, cut.length, packet.getSocketAddress()));
        try (Socket connection = tcp.accept()) {
            Message answer = ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1");
            part.write(connection.getOutputStream(), MessageWriter.frame(MessageWriter.write(answer, 512)));
        }
    }

    @Test
    void anAnswerOverTcpMayComeInParts() throws Exception {
        Message answer = answerOf((out, framed) -> {
            for (byte octet : framed) {
                out.write(octet);
                out.flush();
            }
        });
        assertThat(answer.answers()).hasSize(1);
        assertThat(answer.flags().truncated()).isFalse();
    }

    @Test
    void aConnectionThatEndsWithinTheAnswerLeavesWhatWasCut() throws Exception {
        for (int missing : List.of(1, 10)) {
            Message answer = answerOf((out, framed) -> out.write(framed, 0, framed.length - missing));
            assertThat(answer.flags().truncated()).isTrue();
        }
        assertThat(answerOf((out, framed) -> out.write(0)).flags().truncated()).isTrue();
        assertThat(answerOf((_, _) -> {}).flags().truncated()).isTrue();
    }

    @Test
    void aServerThatDripsHasNoMoreTimeThanOthers() throws Exception {
        long start = System.nanoTime();
        Message answer = answerOf((out, framed) -> {
            for (byte octet : framed) {
                out.write(octet);
                Thread.sleep(200);
            }
        });
        assertThat(answer.flags().truncated()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    @Test
    void aServerThatStopsWithinTheAnswerHasNoMoreTimeThanOthers() throws Exception {
        long start = System.nanoTime();
        Message answer = answerOf((out, framed) -> {
            out.write(framed, 0, 10);
            Thread.sleep(10_000);
        });
        assertThat(answer.flags().truncated()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    }

    /** A datagram that is too short for the answer must not make the next one shorter. */
    @Test
    void theAnswerIsFoundBehindDatagramsThatAreNone() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, 0))) {
            Thread server = Thread.ofVirtual().start(() -> {
                try {
                    DatagramPacket packet = new DatagramPacket(new byte[512], 512);
                    udp.receive(packet);
                    Message query = MessageReader.read(packet.getData(), packet.getLength());
                    byte[] answer = MessageWriter.write(
                            ScriptedUpstream.reply(query, ResponseCode.NOERROR, "192.0.2.1", "192.0.2.2"), 512);
                    for (int length : new int[] {0, 1, 12, answer.length - 1, answer.length}) {
                        udp.send(new DatagramPacket(answer, length, packet.getSocketAddress()));
                    }
                } catch (IOException e) {
                    return; // the end of the test
                }
            });
            InetSocketAddress address = (InetSocketAddress) udp.getLocalSocketAddress();
            Message answer = exchange(address, Duration.ofSeconds(2)).ask(question(false, false));
            assertThat(answer.answers()).hasSize(2);
            server.join();
        }
    }

    @Test
    void silenceAndAnswersAreNotedForTheQuestionsToCome() throws Exception {
        InetSocketAddress other = new InetSocketAddress("192.0.2.53", 53);
        try (ScriptedUpstream upstream = new ScriptedUpstream(ScriptedUpstream.silence())) {
            InetSocketAddress first = upstream.socket();
            Upstreams upstreams = new Upstreams(List.of(first, other), new SetClock());
            long now = System.nanoTime();
            Exchange silent = new Exchange(
                    first, upstreams, now, now + Duration.ofMillis(100).toNanos());
            assertThatThrownBy(() -> silent.ask(question(false, false))).isInstanceOf(SocketTimeoutException.class);
            assertThat(upstreams.order()).containsExactly(other, first);
            upstream.follow(ScriptedUpstream.always(ResponseCode.SERVFAIL));
            now = System.nanoTime();
            Exchange answered = new Exchange(
                    first, upstreams, now, now + Duration.ofSeconds(4).toNanos());
            answered.ask(question(false, false));
            assertThat(upstreams.order()).containsExactly(first, other);
            answered.silent();
            assertThat(upstreams.order()).as("it answered since").containsExactly(first, other);
            now = System.nanoTime();
            new Exchange(first, upstreams, now, now).silent();
            assertThat(upstreams.order()).containsExactly(other, first);
        }
    }
}
