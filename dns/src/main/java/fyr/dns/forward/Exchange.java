package fyr.dns.forward;

import fyr.dns.message.Edns;
import fyr.dns.message.Flags;
import fyr.dns.message.MalformedMessageException;
import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.Question;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** One question to one upstream: over UDP from a fresh random port with a random id (RFC 5452), over TCP if the answer was cut. */
record Exchange(InetSocketAddress upstream, Duration patience) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** The upstream's answer; fails with an {@code IOException} if there is none in time. */
    Message ask(ForwardedQuestion question, boolean edns) throws IOException {
        Optional<Edns> option = edns ? Optional.of(Edns.plain(question.dnssecOk())) : Optional.empty();
        Flags flags = Flags.query(question.checkingDisabled());
        Message query = Message.of(RANDOM.nextInt(0x10000), flags, List.of(question.question()), option);
        Message answer = overUdp(query);
        return answer.flags().truncated() ? overTcp(query) : answer;
    }

    private Message overUdp(Message query) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(upstream); // the kernel drops what others send
            byte[] bytes = MessageWriter.write(query, 512);
            socket.send(new DatagramPacket(bytes, bytes.length));
            DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
            while (true) {
                socket.setSoTimeout(millisUntil(deadline));
                packet.setLength(4096);
                socket.receive(packet);
                Optional<Message> answer = answerTo(query, packet.getData(), packet.getLength());
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
        }
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) millis;
    }

    private Message overTcp(Message query) throws IOException {
        int millis = (int) patience.toMillis();
        try (Socket socket = new Socket()) {
            socket.connect(upstream, millis);
            socket.setSoTimeout(millis);
            byte[] bytes = MessageWriter.write(query, 512);
            byte[] framed = new byte[bytes.length + 2];
            framed[0] = (byte) (bytes.length >>> 8);
            framed[1] = (byte) bytes.length;
            System.arraycopy(bytes, 0, framed, 2, bytes.length);
            socket.getOutputStream().write(framed);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return answerTo(query, answer, answer.length)
                    .orElseThrow(() -> new IOException("no answer to the question asked"));
        }
    }

    /** The message, if it answers the very question: same id, same name, type and class. Anything else may be forged. */
    static Optional<Message> answerTo(Message query, byte[] bytes, int length) {
        try {
            Message message = MessageReader.read(bytes, length);
            List<Question> asked = query.questions();
            boolean fits = message.id() == query.id()
                    && message.flags().response()
                    && message.questions().equals(asked);
            return fits ? Optional.of(message) : Optional.empty();
        } catch (MalformedMessageException e) {
            return Optional.empty();
        }
    }
}
