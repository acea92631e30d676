package fyr.cni;

import fyr.cni.CniHandler.Served;
import fyr.cni.protocol.Frame;
import fyr.cni.protocol.RawRequest;
import fyr.model.observation.Observation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The agent's end of the executable's socket. One request for each connection. Requests run on platform threads, not virtual ones, because
 * they block in the kernel. One thread is always ready. When there are too many requests, the rest waits to be accepted, until the
 * executable gives up.
 */
public final class CniServer implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.cni");
    private static final int THREADS = 16;
    private static final int WAITING = 512;
    private static final long PATIENCE_SECONDS = 10;

    private final LocalSocket socket;
    private final CniHandler handler;
    private final PendingDeletes pending;
    private final Upkeep upkeep;
    private final Consumer<Observation> observer;
    private final ThreadPoolExecutor workers = new ThreadPoolExecutor(
            1, THREADS, 30, TimeUnit.SECONDS, new SynchronousQueue<>(), threads("fyr-cni-"), CniServer::waitForAThread);
    private final ScheduledExecutorService watchdog =
            Executors.newSingleThreadScheduledExecutor(threads("fyr-cni-watchdog-"));

    private CniServer(
            LocalSocket socket,
            CniHandler handler,
            PendingDeletes pending,
            Upkeep upkeep,
            Consumer<Observation> observer) {
        this.socket = socket;
        this.handler = handler;
        this.pending = pending;
        this.upkeep = upkeep;
        this.observer = observer;
        workers.prestartCoreThread();
    }

    /**
     * Processes the DELs that are queued on disk, then listens. A socket that an earlier process left is replaced.
     *
     * @param socket its folder is created if necessary; only the owner may connect (mode 0600)
     * @param pendingDirectory where the executable queues DELs when there is no agent
     * @param observer called for every answer
     */
    public static CniServer start(
            Path socket, Path pendingDirectory, CniService service, Consumer<Observation> observer) throws IOException {
        PendingDeletes pending = new PendingDeletes(pendingDirectory, service);
        pending.drain();
        CniHandler handler = new CniHandler(service, pending::settle);
        CniServer server = new CniServer(
                LocalSocket.listen(socket, WAITING), handler, pending, new Upkeep(pending, service), observer);
        Thread.ofPlatform().daemon().name("fyr-cni-accept").start(server::accept);
        return server;
    }

    /**
     * Processes the DELs that are queued on disk. Done at the start and every minute, because an executable that was turned away has queued
     * its DEL although this agent is running; may be called at any time.
     */
    public void drain() throws IOException {
        pending.drain();
    }

    /** Soon releases what belongs to pods that are gone; repeated every minute until it succeeds. */
    public void heal() {
        upkeep.heal();
    }

    private void accept() {
        while (socket.isOpen()) {
            try {
                hand(socket.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.log(System.Logger.Level.WARNING, "{0}: cannot accept: {1}", socket, e.getMessage());
                pause();
            }
        }
    }

    /** Probably out of file descriptors: without a pause this would be a busy loop. */
    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hand(SocketChannel connection) throws IOException {
        try {
            workers.execute(() -> serve(connection));
        } catch (RejectedExecutionException e) {
            connection.close(); // this agent is stopping; the next one will get the request
        } catch (OutOfMemoryError noThread) {
            connection.close(); // the runtime retries, and this thread has to be there then
            throw new IOException(noThread.getMessage(), noThread);
        }
    }

    /** All threads are busy: no further connection is accepted before one of them takes this one. */
    private static void waitForAThread(Runnable task, ThreadPoolExecutor workers) {
        try {
            boolean taken = false;
            while (!taken && !workers.isShutdown()) {
                taken = workers.getQueue().offer(task, 100, TimeUnit.MILLISECONDS);
            }
            if (!taken) {
                throw new RejectedExecutionException("closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(e);
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            RawRequest request = within(connection, () -> Frame.readRequest(Channels.newInputStream(connection)));
            Served served = handler.handle(request);
            try {
                ByteBuffer bytes = ByteBuffer.wrap(Frame.answer(served.answer()));
                within(connection, () -> {
                    while (bytes.hasRemaining()) {
                        connection.write(bytes);
                    }
                    return served;
                });
            } finally {
                observer.accept(served.observation()); // after the answer, so that nobody waits for the log
            }
        } catch (IOException e) {
            // The executable is gone or sent something invalid; a runtime that wants an answer asks again.
            LOG.log(System.Logger.Level.DEBUG, "connection closed: {0}", e.toString());
        }
    }

    private interface Transfer<T> {
        T run() throws IOException;
    }

    /** Channels of Unix sockets have no timeout of their own: closing one from another thread ends its read or write. */
    private <T> T within(SocketChannel connection, Transfer<T> transfer) throws IOException {
        Future<?> limit = watchdog.schedule(() -> closeQuietly(connection), PATIENCE_SECONDS, TimeUnit.SECONDS);
        try {
            return transfer.run();
        } finally {
            limit.cancel(false);
        }
    }

    private static void closeQuietly(SocketChannel connection) {
        try {
            connection.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "cannot close a connection: {0}", e.toString());
        }
    }

    /** Accepts no further request, finishes those in progress (10 s), and removes the socket. */
    @Override
    public void close() throws IOException {
        socket.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
        upkeep.close();
        watchdog.shutdownNow();
    }

    private static ThreadFactory threads(String prefix) {
        return Thread.ofPlatform().daemon().name(prefix, 0).factory();
    }
}
