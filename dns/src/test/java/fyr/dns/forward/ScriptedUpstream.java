package fyr.dns.forward;

import fyr.dns.message.Message;
import fyr.dns.message.MessageReader;
import fyr.dns.message.MessageWriter;
import fyr.dns.message.RecordData;
import fyr.dns.message.ResourceRecord;
import fyr.dns.message.ResponseCode;
import fyr.model.address.Ipv4Address;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on loopback that answers as a test says. */
public final class ScriptedUpstream implements AutoCloseable {

    /** What to answer; nothing means silence. Called on a thread of its own for each query. */
    public interface Script {
        Optional<Message> answer(Message query, boolean tcp);
    }

    private final DatagramSocket udp;
    private final ServerSocket tcp;
    private final List<Thread> serving;
    private final List<Message> queries = new CopyOnWriteArrayList<>();
    private volatile Script script;

    public ScriptedUpstream(Script script) {
        this(script, 0);
    }

    /** At a port, once it is free. */
    public ScriptedUpstream(Script script, int port) {
        this.script = script;
        try {
            InetAddress loopback = InetAddress.getLoopbackAddress();
            this.tcp = new ServerSocket(port, 50, loopback);
            this.udp = new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.serving = List.of(
                Thread.ofVirtual().start(this::serveUdp), Thread.ofVirtual().start(this::serveTcp));
    }

    public static Script silence() {
        return (query, overTcp) -> Optional.empty();
    }

    public static Script always(ResponseCode code) {
        return (query, overTcp) -> Optional.of(reply(query, code));
    }

    public static Script address(String address) {
        return (query, overTcp) -> Optional.of(reply(query, ResponseCode.NOERROR, address));
    }

    /** A reply with A records of these addresses for what was asked, each with a TTL of a minute. */
    public static Message reply(Message query, ResponseCode code, String... addresses) {
        List<ResourceRecord> records = java.util.Arrays.stream(addresses)
                .map(address -> new ResourceRecord(
                        query.questions().getFirst().name(), 60, new RecordData.A(Ipv4Address.parse(address))))
                .toList();
        return new Message(
                query.id(),
                query.flags().reply(code, false),
                query.questions(),
                records,
                List.of(),
                List.of(),
                query.edns());
    }

    public void follow(Script next) {
        script = next;
    }

    public InetSocketAddress socket() {
        return (InetSocketAddress) udp.getLocalSocketAddress();
    }

    /** What was asked up to now. */
    public List<Message> queries() {
        return queries;
    }

    private Optional<byte[]> answer(byte[] bytes, int length, boolean overTcp) {
        Message query = MessageReader.read(bytes, length);
        queries.add(query);
        return script.answer(query, overTcp).map(answer -> MessageWriter.write(answer, 0xffff));
    }

    private void serveUdp() {
        try {
            while (true) {
                DatagramPacket packet = new DatagramPacket(new byte[1500], 1500);
                udp.receive(packet);
                Thread.ofVirtual().start(() -> {
                    answer(packet.getData(), packet.getLength(), false).ifPresent(answer -> {
                        try {
                            udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
                        } catch (IOException e) {
                            return; // closed meanwhile
                        }
                    });
                });
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    private void serveTcp() {
        try {
            while (true) {
                Socket socket = tcp.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        DataInputStream in = new DataInputStream(socket.getInputStream());
                        byte[] query = in.readNBytes(in.readUnsignedShort());
                        Optional<byte[]> answer = answer(query, query.length, true);
                        if (answer.isPresent()) {
                            socket.getOutputStream().write(MessageWriter.frame(answer.get()));
                        } else {
                            in.readAllBytes(); // silent until the other end gives up
                        }
                    } catch (IOException e) {
                        return; // the other end closed
                    }
                });
            }
        } catch (IOException e) {
            return; // closed
        }
    }

    @Override
    public void close() {
        udp.close();
        try {
            tcp.close();
            for (Thread thread : serving) {
                thread.join(); // only now is the port free
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
