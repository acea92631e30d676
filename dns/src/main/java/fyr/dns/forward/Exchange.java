package fyr.dns.forward;

import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.MalformedMessageException;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.ResponseCode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One question to one upstream: over UDP from a fresh random port with a random id (RFC 5452), over TCP if the answer was cut.
 *
 * @param begin of {@link System#nanoTime}
 * @param deadline of {@link System#nanoTime}, for all of it
 */
record Exchange(InetSocketAddress upstream, Upstreams upstreams, long begin, long deadline) {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int LARGEST_DATAGRAM = 4096;

    /** Before a datagram is sent once more; doubled each time. */
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /** For all of a TCP connection: one lost SYN is sent again after a second (RFC 6298 section 2). */
    private static final Duration TCP_PATIENCE = Duration.ofSeconds(2);

    /**
     * The upstream's answer; fails with an {@code IOException} if there is none in time. Asks once more without EDNS if the server does not know
     * it (RFC 6891 section 7).
     */
    Message ask(ForwardedQuestion question) throws IOException {
        Message answer = ask(question, Optional.of(Edns.plain(question.dnssecOk())));
        return rejected(answer) ? ask(question, Optional.empty()) : answer;
    }

    /** Notes that there is no answer up to now. */
    void silent() {
        upstreams.silent(upstream, begin);
    }

    private Message ask(ForwardedQuestion question, Optional<Edns> edns) throws IOException {
        Flags flags = Flags.query(question.checkingDisabled());
        Message query = Message.of(RANDOM.nextInt(0x10000), flags, List.of(question.question()), edns);
        Message answer = overUdp(query);
        upstreams.answered(upstream);
        return answer.flags().truncated() && !rejected(answer) ? overTcp(query).orElse(answer) : answer;
    }

    private Message overUdp(Message query) throws IOException {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(upstream); // the kernel drops what others send
            byte[] bytes = MessageWriter.write(query, 512);
            for (Duration patience = PATIENCE; ; patience = patience.multipliedBy(2)) {
                socket.send(new DatagramPacket(bytes, bytes.length));
                Optional<Message> answer = listen(socket, query, end(patience));
                if (answer.isPresent()) {
                    return answer.get();
                }
                silent();
                millisUntil(deadline);
            }
        }
    }

    private static Optional<Message> listen(DatagramSocket socket, Message query, long end) throws IOException {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST_DATAGRAM], LARGEST_DATAGRAM);
        try {
            while (true) {
                socket.setSoTimeout(millisUntil(end));
                packet.setLength(LARGEST_DATAGRAM);
                socket.receive(packet);
                Optional<Message> answer = answerTo(query, packet.getData(), packet.getLength());
                if (answer.isPresent()) {
                    return answer;
                }
            }
        } catch (SocketTimeoutException e) {
            return Optional.empty();
        }
    }

    /** Nothing if TCP does not get through: what was cut is then better than nothing. */
    private Optional<Message> overTcp(Message query) {
        long end = end(TCP_PATIENCE);
        try (Socket socket = new Socket()) {
            socket.connect(upstream, millisUntil(end));
            socket.getOutputStream().write(MessageWriter.frame(MessageWriter.write(query, 512)));
            byte[] length = read(socket, 2, end);
            byte[] answer = read(socket, (length[0] & 255) << 8 | length[1] & 255, end);
            return answerTo(query, answer, answer.length);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] read(Socket socket, int length, long end) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[length];
        int at = 0;
        while (at < length) {
            socket.setSoTimeout(millisUntil(end)); // before each read: a server that drips has no more time than others
            int more = in.read(bytes, at, length - at);
            if (more < 0) {
                throw new EOFException("the connection ended within an answer");
            }
            at += more;
        }
        return bytes;
    }

    private long end(Duration patience) {
        long now = System.nanoTime();
        return now + Math.min(patience.toNanos(), deadline - now);
    }

    private static int millisUntil(long end) throws SocketTimeoutException {
        long millis = (end - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) millis;
    }

    /**
     * The message, if it answers the very question: same id, same name, type and class. Anything else may be forged. Servers that know no EDNS
     * may send their refusal without the question.
     */
    static Optional<Message> answerTo(Message query, byte[] bytes, int length) {
        try {
            Message message = MessageReader.read(bytes, length);
            boolean fits = message.id() == query.id()
                    && message.flags().response()
                    && (message.questions().equals(query.questions())
                            || message.questions().isEmpty() && rejected(message));
            return fits ? Optional.of(message) : Optional.empty();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }

    private static boolean rejected(Message answer) {
        return answer.code().equals(ResponseCode.FORMERR) || answer.code().equals(ResponseCode.NOTIMP);
    }
}
