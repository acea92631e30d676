package fyr.linux.netlink;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.linux.libc.Descriptor;
import fyr.linux.libc.Files;
import fyr.linux.libc.Sockets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * A subscription to multicast groups, read by a platform thread of its own until it is closed. It belongs to the network namespace of the
 * thread that opened it; events of that namespace only are heard.
 */
public final class NetlinkEvents implements AutoCloseable {

    private static final int BUFFER = 8 << 20;

    private final Transport transport;
    private final Descriptor wake;
    private final Thread thread;
    private final AtomicBoolean closed = new AtomicBoolean();

    private NetlinkEvents(
            Transport transport, Descriptor wake, String name, Consumer<Message> listener, Runnable overrun) {
        this.transport = transport;
        this.wake = wake;
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(listener, overrun));
    }

    /**
     * Joins the groups, and from then on calls the listener for each message. Events from before this method returns may be missing.
     *
     * @param name of the thread
     * @param listener called on that thread; an exception of it ends nothing
     * @param overrun called on that thread when the kernel dropped messages because the listener was too slow (ENOBUFS), or sent what cannot be read
     */
    public static NetlinkEvents subscribe(
            String name, int protocol, List<Integer> groups, Consumer<Message> listener, Runnable overrun) {
        return subscribe(name, protocol, groups, OptionalInt.empty(), listener, overrun);
    }

    /** As above, but deaf to changes made through the socket that has this port ({@link NetlinkSocket#port}). */
    public static NetlinkEvents subscribe(
            String name, int protocol, List<Integer> groups, OptionalInt ignoredPort, Consumer<Message> listener, Runnable overrun) {
        Transport transport = Transport.open(
                protocol, BUFFER, groups.stream().mapToInt(Integer::intValue).toArray());
        try {
            ignoredPort.ifPresent(transport::ignore);
            NetlinkEvents events = new NetlinkEvents(transport, Files.eventfd(), name, listener, overrun);
            events.thread.start();
            return events;
        } catch (RuntimeException failure) {
            transport.close();
            throw failure;
        }
    }

    private void run(Consumer<Message> listener, Runnable overrun) {
        while (Sockets.awaitReadable(List.of(transport.descriptor(), wake)) == 0 && !closed.get()) {
            try {
                Optional<byte[]> datagram = transport.receive("netlink events", false);
                datagram.map(Message::parse).orElse(List.of()).forEach(message -> deliver(listener, message));
            } catch (MalformedMessage lost) {
                overrun.run();
            } catch (KernelException refused) {
                if (!refused.errno().equals(Errno.ENOBUFS)) {
                    throw refused;
                }
                overrun.run();
            }
        }
    }

    private static void deliver(Consumer<Message> listener, Message message) {
        try {
            listener.accept(message);
        } catch (RuntimeException failure) {
            System.getLogger(NetlinkEvents.class.getName())
                    .log(System.Logger.Level.WARNING, "a listener of kernel events failed", failure);
        }
    }

    /** Ends the subscription; the thread has ended when this returns, unless this is called on it. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Files.signal(wake);
        boolean interrupted = false;
        while (thread != Thread.currentThread() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        transport.close();
        wake.close();
    }
}
