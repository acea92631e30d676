package fyr.compiler.service.cases;

import fyr.compiler.service.cases.Place.Side;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** What becomes of real connections: clients in their namespaces, until each expected outcome was seen. */
final class PacketWay {

    private static final int PATIENCE = 10_000; // milliseconds, for what arrives
    private static final int SILENCE = 300; // for what does not

    /** So many connections at least, and at most: of four endpoints one is missed in one of 10^12 tests. */
    private static final int FEWEST = 6;

    private static final int MOST = 100;

    private final PacketWorld world;
    private final ServiceCase asked;
    private final Family family;
    private final Protocol protocol;

    PacketWay(PacketWorld world, ServiceCase asked, Family family, Protocol protocol) {
        this.world = world;
        this.asked = asked;
        this.family = family;
        this.protocol = protocol;
    }

    /** The outcomes; with affinity there is one. */
    Set<Outcome> outcomes() throws Exception {
        Side side = asked.scene().owns(asked.from()) ? Side.NODE : asked.from().side();
        NetworkNamespace namespace = world.namespace(side);
        return namespace.call(() -> {
            Set<Outcome> outcomes = new HashSet<>();
            boolean silent = asked.expected().equals(Outcome.DROPPED);
            for (int i = 0; i < (silent ? 1 : MOST); i++) {
                outcomes.add(connect(silent ? SILENCE : PATIENCE));
                boolean enough = i + 1 >= FEWEST && (asked.sticky() || outcomes.containsAll(asked.expected()));
                if (enough || !asked.expected().containsAll(outcomes)) {
                    break;
                }
            }
            return outcomes;
        });
    }

    private Outcome connect(int patience) throws IOException {
        SocketAddress from = new InetSocketAddress(inet(asked.from()), 0);
        InetSocketAddress to = new InetSocketAddress(inet(asked.to()), asked.port());
        try {
            return switch (protocol) {
                case TCP -> stream(from, to, patience);
                case UDP -> datagram(from, to, patience);
                case SCTP -> throw new IllegalArgumentException("no sockets of SCTP");
            };
        } catch (ConnectException | PortUnreachableException refused) {
            return new Outcome.Refused();
        } catch (SocketTimeoutException silence) {
            return new Outcome.Dropped();
        }
    }

    private Outcome stream(SocketAddress from, InetSocketAddress to, int patience) throws IOException {
        try (Socket socket = new Socket()) {
            socket.bind(from);
            socket.connect(to, patience);
            socket.setSoTimeout(patience);
            return outcome(socket.getInputStream().readAllBytes());
        }
    }

    private Outcome datagram(SocketAddress from, InetSocketAddress to, int patience) throws IOException {
        try (DatagramSocket socket = new DatagramSocket(from)) {
            socket.connect(to);
            socket.setSoTimeout(patience);
            send(socket);
            DatagramPacket answer = new DatagramPacket(new byte[200], 200);
            socket.receive(answer);
            byte[] text = new byte[answer.getLength()];
            System.arraycopy(answer.getData(), 0, text, 0, text.length);
            return outcome(text);
        }
    }

    /** If a packet is dropped on its way out, its sender gets EPERM first (nf_hook_slow in net/netfilter/core.c), and perhaps more later. */
    private static void send(DatagramSocket socket) throws IOException {
        try {
            socket.send(new DatagramPacket(new byte[1], 1));
        } catch (PortUnreachableException refused) {
            throw refused;
        } catch (IOException denied) {
            if (!String.valueOf(denied.getMessage()).contains("Operation not permitted")) {
                throw denied;
            }
        }
    }

    private InetAddress inet(Place place) throws IOException {
        return InetAddress.getByAddress(place.in(family).toBytes());
    }

    /** What the server said. */
    private Outcome outcome(byte[] answer) {
        String[] words = new String(answer, StandardCharsets.US_ASCII).split(" ");
        Place reached = Place.of(IpAddress.parse(words[0])).orElseThrow();
        int port = Integer.parseInt(words[1]);
        boolean masqueraded = !IpAddress.parse(words[2]).equals(asked.from().in(family));
        return reached == asked.to() && port == asked.port()
                ? new Outcome.Untouched()
                : new Outcome.Reached(reached, port, masqueraded);
    }
}
