package fyr.dns.server;

import fyr.dns.DnsException;
import fyr.dns.answer.ClusterAnswers;
import fyr.dns.answer.Zone;
import fyr.dns.forward.Forwarder;
import fyr.model.name.DnsView;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/**
 * Cluster DNS over UDP and TCP. Sockets are created on the calling thread, which therefore must be in the right network namespace. The view
 * is read for every query: a supplier that reads one volatile field (such as {@code AtomicReference::get}) makes a change visible at once.
 */
public final class DnsServer implements AutoCloseable {

    private static final int THREADS = Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);
    private static final int FREE_PORT_ATTEMPTS = 16;
    private static final Duration END = Duration.ofSeconds(2);
    private static final Logger LOG = System.getLogger(DnsServer.class.getName());
    static final int MOST_FORWARDS = 1024;
    static final int FORWARDS_OF_CLIENT = 128;
    static final int FORWARDS_OF_CLIENT_A_SECOND = 1000;
    /**
     * In bytes; the kernel grants up to net.core.rmem_max: some thousand queries that arrive while the reader waits for the processor. A
     * queue that takes seconds to read is useless, because its clients have given up by then.
     */
    private static final int RECEIVE_BUFFER = 512 << 10;

    private final QueryHandler handler;
    private final Forwards forwards = new Forwards(
            new Forwards.Limits(MOST_FORWARDS, FORWARDS_OF_CLIENT, FORWARDS_OF_CLIENT_A_SECOND), System::nanoTime);
    private final Mishaps mishaps = new Mishaps(System::nanoTime, line -> LOG.log(Level.WARNING, line));
    private final List<DatagramChannel> channels = new ArrayList<>();
    private final List<TcpListener> listeners = new ArrayList<>();
    private final List<InetSocketAddress> addresses = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private DnsServer(QueryHandler handler) {
        this.handler = handler;
    }

    /**
     * Listens on all the addresses, or on none.
     *
     * @param addresses each is one of the machine's: a socket for all of them would answer over UDP from an address that was not asked;
     *     port 0 means any free one
     * @param view what the cluster's names resolve to; empty while that is not known
     * @throws DnsException if it cannot listen on one of them; the message names it
     */
    public static DnsServer start(
            List<InetSocketAddress> addresses,
            Zone zone,
            Supplier<Optional<DnsView>> view,
            Forwarder forwarder,
            DnsCounters counters) {
        ClusterAnswers answers =
                new ClusterAnswers(zone, () -> ThreadLocalRandom.current().nextLong());
        DnsServer server = new DnsServer(new QueryHandler(answers, view, forwarder, counters));
        for (InetSocketAddress address : addresses) {
            if (address.getAddress().isAnyLocalAddress()) {
                server.close();
                throw new DnsException(
                        "DNS cannot listen on " + address.getAddress().getHostAddress()
                                + ", which stands for every address; name one of this machine's");
            }
            try {
                server.listen(address);
            } catch (IOException e) {
                server.close();
                throw new DnsException(
                        "DNS cannot listen on " + address.getAddress().getHostAddress() + " port " + address.getPort()
                                + ": " + e.getMessage() + "; stop what listens there, or choose another address",
                        e);
            }
        }
        server.run();
        return server;
    }

    /** The addresses listened on, with their actual ports, in the order given. */
    public List<InetSocketAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** A free port must be free for both transports: the kernel chooses one for TCP, and if it is taken for UDP, another one is tried. */
    private void listen(InetSocketAddress wanted) throws IOException {
        for (int attempt = 1; ; attempt++) {
            ServerSocketChannel channel = ServerSocketChannel.open();
            try {
                channel.bind(wanted, 128);
                int port = channel.socket().getLocalPort();
                listen(channel, alone(new InetSocketAddress(wanted.getAddress(), port)));
                return;
            } catch (BindException taken) {
                channel.close();
                if (wanted.getPort() != 0 || attempt == FREE_PORT_ATTEMPTS) {
                    throw taken;
                }
            }
        }
    }

    private void listen(ServerSocketChannel channel, InetSocketAddress address) throws IOException {
        addresses.add(address);
        listeners.add(new TcpListener(channel, handler, forwards, TcpLimits.STANDARD));
        for (int i = 0; i < THREADS; i++) {
            channels.add(udp(address, true));
        }
    }

    /** Binds once without SO_REUSEPORT: with it, another server's sockets would silently take a share of the queries. */
    private static InetSocketAddress alone(InetSocketAddress address) throws IOException {
        try (DatagramChannel probe = udp(address, false)) {
            return (InetSocketAddress) probe.getLocalAddress();
        }
    }

    private static DatagramChannel udp(InetSocketAddress address, boolean shared) throws IOException {
        boolean ipv4 = address.getAddress().getAddress().length == 4;
        DatagramChannel channel =
                DatagramChannel.open(ipv4 ? StandardProtocolFamily.INET : StandardProtocolFamily.INET6);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, shared);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER);
            return channel.bind(address);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private void run() {
        UdpSender sender = new UdpSender(MOST_FORWARDS, handler.counters(), mishaps);
        start(Thread.ofPlatform().daemon().name("dns-udp-send"), sender);
        channels.forEach(channel -> start(
                Thread.ofPlatform().daemon().name("dns-udp"),
                new UdpListener(channel, handler, memo(), forwards, sender, mishaps)));
        listeners.forEach(listener -> start(Thread.ofPlatform().daemon().name("dns-tcp"), listener));
    }

    private AnswerMemo memo() {
        return new AnswerMemo(handler.view(), handler.counters());
    }

    private void start(Thread.Builder builder, Runnable work) {
        threads.add(builder.start(work));
    }

    /**
     * Stops listening; queries being forwarded are not answered. Afterwards the addresses are free: the kernel keeps a socket while it is
     * read.
     */
    @Override
    public void close() {
        try {
            for (DatagramChannel channel : channels) {
                channel.close();
            }
            for (TcpListener listener : listeners) {
                listener.close();
            }
            threads.forEach(Thread::interrupt);
            for (Thread thread : threads) {
                thread.join(END);
            }
        } catch (IOException e) {
            throw new DnsException("DNS did not close its sockets: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
