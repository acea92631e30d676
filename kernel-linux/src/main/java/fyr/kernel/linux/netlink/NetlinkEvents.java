package fyr.kernel.linux.netlink;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Files;
import fyr.kernel.linux.libc.Sockets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A subscription to multicast groups, read by a platform thread of its own until it is closed. It belongs to the network namespace of the
 * thread that joined the groups; events of that namespace only are heard. The thread that reads is in the namespace of the one that
 * started it, which may be another.
 */
public final class NetlinkEvents implements AutoCloseable {

    static final Transport.Room ROOM = Transport.Room.of(8 << 20);

    private static final System.Logger LOG = System.getLogger(NetlinkEvents.class.getName());
    private static final long BACK_OFF_NANOSECONDS = 100_000_000;

    private final Transport transport;
    private final Descriptor wake;
    private volatile Optional<Thread> reader = Optional.empty();
    private final AtomicBoolean closed = new AtomicBoolean();

    private NetlinkEvents(Transport transport, Descriptor wake) {
        this.transport = transport;
        this.wake = wake;
    }

    /** Joins the groups; what happens from now on is kept for the listener. */
    public static NetlinkEvents join(int protocol, List<Integer> groups) {
        return join(protocol, ROOM, groups, OptionalInt.empty());
    }

    /** As above, but deaf to changes made through the socket that has this port ({@link NetlinkSocket#port}). */
    public static NetlinkEvents join(int protocol, List<Integer> groups, OptionalInt ignoredPort) {
        return join(protocol, ROOM, groups, ignoredPort);
    }

    static NetlinkEvents join(int protocol, Transport.Room room, List<Integer> groups, OptionalInt ignoredPort) {
        int[] numbers = groups.stream().mapToInt(Integer::intValue).toArray();
        Transport transport = Transport.open(protocol, room, numbers);
        try {
            ignoredPort.ifPresent(transport::ignore);
            return new NetlinkEvents(transport, Files.eventfd());
        } catch (RuntimeException failure) {
            transport.close();
            throw failure;
        }
    }

    /**
     * Begins to call the listener for each message; once.
     *
     * @param name of the thread
     * @param listener called on that thread; an exception of it ends nothing
     * @param overrun called on that thread when something may have been missed: the kernel dropped messages because the listener was too
     *     slow (ENOBUFS) or for another reason, or the listener could not read one. What happens after the call is told again.
     */
    public void start(String name, Consumer<Message> listener, Runnable overrun) {
        Thread thread = Thread.ofPlatform().daemon().name(name).unstarted(() -> run(listener, overrun));
        reader = Optional.of(thread);
        thread.start();
    }

    private void run(Consumer<Message> listener, Runnable overrun) {
        try (transport;
                wake) {
            boolean open = true;
            while (open) {
                open = await();
                if (open && !readAll(listener)) {
                    tell(overrun);
                }
            }
        }
    }

    /** Waits for messages; false if there is to be an end. */
    private boolean await() {
        try {
            return Sockets.awaitReadable(List.of(wake, transport.descriptor())) == 1;
        } catch (Throwable failure) {
            backOff(failure);
            return true;
        }
    }

    /**
     * Reads all that waits. The kernel tells ENOBUFS before the messages that it kept, and drops all further ones, without a word, until
     * those are read (netlink_overrun and netlink_rcv_wake in net/netlink/af_netlink.c): only then is it known what was missed.
     *
     * @return whether nothing was missed
     */
    private boolean readAll(Consumer<Message> listener) {
        boolean complete = true;
        while (!closed.get()) {
            try {
                Optional<byte[]> datagram = transport.receive("netlink events", false);
                if (datagram.isEmpty()) {
                    return complete;
                }
                for (Message message : Message.parse(datagram.get())) {
                    complete &= tell(() -> listener.accept(message));
                }
            } catch (Throwable lost) {
                // Also EINVAL, ENOMEM and the like, for a message that could not be made (rtnl_set_sk_err in
                // net/core/rtnetlink.c).
                complete = false;
                if (!(lost instanceof KernelException refused && refused.errno().equals(Errno.ENOBUFS))) {
                    backOff(lost);
                }
            }
        }
        return true;
    }

    /** Nothing may end the thread while somebody believes that it listens. */
    private static boolean tell(Runnable listener) {
        try {
            listener.run();
            return true;
        } catch (Throwable failure) {
            LOG.log(System.Logger.Level.WARNING, "a listener of kernel events failed", failure);
            return false;
        }
    }

    private static void backOff(Throwable failure) {
        LOG.log(System.Logger.Level.WARNING, "kernel events may have been lost", failure);
        LockSupport.parkNanos(BACK_OFF_NANOSECONDS);
    }

    /** Ends the subscription; the thread has ended when this returns, unless this is called on it. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Optional<Thread> thread = reader;
        if (thread.isEmpty()) {
            transport.close();
            wake.close();
            return;
        }
        // It closes what it reads from when it sees this, and not before: nobody else knows when it is in a call.
        Files.signal(wake);
        if (thread.get() != Thread.currentThread()) {
            joinUninterruptibly(thread.get());
        }
    }

    private static void joinUninterruptibly(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
