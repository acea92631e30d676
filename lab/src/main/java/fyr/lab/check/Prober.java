package fyr.lab.check;

import fyr.kernel.KernelException;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.Protocol;
import fyr.model.address.Family;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.NetworkChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks echo workloads who they are, and the cluster's DNS for a name. A socket stays in the namespace it was created in, so a short visit
 * to a pod's namespace creates all of its sockets; the waiting is done on virtual threads outside.
 */
final class Prober {

    private static final System.Logger LOG = System.getLogger(Prober.class.getName());
    private static final JsonMapper JSON = new JsonMapper();
    private static final int AT_ONCE = 1024;
    private static final int UDP_TRIES = 3;

    private final int patienceMillis;

    /**
     * @param patience how long to wait before silence counts as denial
     */
    Prober(Duration patience) {
        patienceMillis = (int) patience.toMillis();
    }

    /** The answer to each probe, in the order of the probes; empty if there was none. Must be called on a platform thread. */
    List<Optional<JsonNode>> ask(List<Probe> probes) {
        List<Optional<JsonNode>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int from = 0; from < probes.size(); from += AT_ONCE) {
                List<Probe> some = probes.subList(from, Math.min(from + AT_ONCE, probes.size()));
                Map<Integer, NetworkChannel> channels = open(some);
                List<Future<Optional<JsonNode>>> waiting = new ArrayList<>();
                for (int i = 0; i < some.size(); i++) {
                    Probe probe = some.get(i);
                    Optional<NetworkChannel> channel = Optional.ofNullable(channels.get(i));
                    waiting.add(threads.submit(() -> channel.flatMap(open -> ask(probe, open))));
                }
                waiting.forEach(answer -> answers.add(result(answer)));
            }
        }
        return answers;
    }

    private static Optional<JsonNode> result(Future<Optional<JsonNode>> answer) {
        try {
            return answer.get();
        } catch (Exception e) {
            throw new IllegalStateException("a probe failed in an unforeseen way", e);
        }
    }

    /** By the number of the probe; none for probes from a network that is gone. */
    private static Map<Integer, NetworkChannel> open(List<Probe> probes) {
        Map<Path, List<Integer>> byNetwork = new HashMap<>();
        for (int i = 0; i < probes.size(); i++) {
            byNetwork
                    .computeIfAbsent(probes.get(i).network(), _ -> new ArrayList<>())
                    .add(i);
        }
        Map<Integer, NetworkChannel> channels = new TreeMap<>();
        byNetwork.forEach((network, indexes) -> {
            try (NetworkNamespace namespace = NetworkNamespace.open(network)) {
                namespace.run(() -> indexes.forEach(i -> channels.put(i, open(probes.get(i)))));
            } catch (KernelException gone) {
                LOG.log(System.Logger.Level.DEBUG, network + ": " + gone.getMessage());
            }
        });
        return channels;
    }

    private static NetworkChannel open(Probe probe) {
        StandardProtocolFamily family =
                probe.address().family() == Family.IPV4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6;
        try {
            return probe.protocol() == Protocol.UDP ? DatagramChannel.open(family) : SocketChannel.open(family);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<JsonNode> ask(Probe probe, NetworkChannel channel) {
        try (channel) {
            InetSocketAddress target = new InetSocketAddress(
                    InetAddress.getByAddress(probe.address().toBytes()), probe.port());
            return Optional.of(
                    switch (probe.question()) {
                        case ECHO ->
                            channel instanceof DatagramChannel datagrams
                                    ? echo(overUdp(
                                            datagrams, target, "who is there?".getBytes(StandardCharsets.US_ASCII)))
                                    : overTcp((SocketChannel) channel, target);
                        case DNS ->
                            answered(
                                    channel instanceof DatagramChannel datagrams
                                            ? overUdp(datagrams, target, DnsQuestion.bytes())
                                            : dnsOverTcp((SocketChannel) channel, target));
                    });
        } catch (IOException | JacksonException noAnswer) {
            return Optional.empty();
        }
    }

    private JsonNode overTcp(SocketChannel channel, InetSocketAddress target) throws IOException {
        Socket socket = channel.socket();
        socket.connect(target, patienceMillis);
        socket.setSoTimeout(patienceMillis);
        socket.getOutputStream()
                .write("GET / HTTP/1.1\r\nHost: probe\r\nConnection: close\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int length = 0;
        while (length < answer.length && !complete(answer, length)) {
            int read = socket.getInputStream().read(answer, length, answer.length - length);
            if (read < 0) {
                break;
            }
            length += read;
        }
        String text = new String(answer, 0, length, StandardCharsets.UTF_8);
        return JSON.readTree(text.substring(Math.max(0, text.indexOf("\r\n\r\n"))));
    }

    /** An echo's answer is one JSON object on one line. */
    private static boolean complete(byte[] answer, int length) {
        return length > 1 && answer[length - 2] == '}' && answer[length - 1] == '\n';
    }

    private static JsonNode echo(byte[] answer) {
        return JSON.readTree(new String(answer, StandardCharsets.UTF_8));
    }

    private static JsonNode answered(byte[] answer) throws IOException {
        if (!DnsQuestion.isAnswered(answer, answer.length)) {
            throw new IOException("no answer to the question");
        }
        return JSON.createObjectNode();
    }

    /** With two bytes of length before each message (RFC 1035, section 4.2.2). */
    private byte[] dnsOverTcp(SocketChannel channel, InetSocketAddress target) throws IOException {
        Socket socket = channel.socket();
        socket.connect(target, patienceMillis);
        socket.setSoTimeout(patienceMillis);
        byte[] question = DnsQuestion.bytes();
        ByteBuffer framed = ByteBuffer.allocate(2 + question.length)
                .putShort((short) question.length)
                .put(question);
        socket.getOutputStream().write(framed.array());
        DataInputStream in = new DataInputStream(socket.getInputStream());
        return in.readNBytes(in.readUnsignedShort());
    }

    private byte[] overUdp(DatagramChannel channel, InetSocketAddress target, byte[] question) throws IOException {
        channel.socket().connect(target);
        channel.socket().setSoTimeout(patienceMillis / UDP_TRIES);
        IOException last = new IOException("no answer");
        for (int attempt = 0; attempt < UDP_TRIES; attempt++) {
            try {
                channel.socket().send(new DatagramPacket(question, question.length));
                DatagramPacket answer = new DatagramPacket(new byte[4096], 4096);
                channel.socket().receive(answer);
                return Arrays.copyOf(answer.getData(), answer.getLength());
            } catch (java.net.SocketTimeoutException lost) {
                last = lost; // a datagram may be lost; silence three times is an answer
            }
        }
        throw last;
    }
}
