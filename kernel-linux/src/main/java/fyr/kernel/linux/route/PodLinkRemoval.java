package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELLINK;

import fyr.kernel.Errno;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Removes pods' links. The kernel unlists both ends of a pair in one step, and then, within the same call, waits some 20 ms until nothing in
 * it can hold them any more (unregister_netdevice_many and netdev_run_todo in net/core/dev.c). The latter concerns nobody: the call is
 * made on a thread and a socket of its own, and the removal is over when the kernel, asked under the lock under which it unlists
 * (rtnl_getlink), does not know the link. Several at once share the kernel's wait.
 *
 * <p>A link is removed by its index, which is never given out again: if its name is, meanwhile, the new link is not meant.
 */
final class PodLinkRemoval implements AutoCloseable {

    private static final int AT_ONCE = 8;
    private static final int SMALL_BUFFER = 64 << 10;
    private static final long ASK_AGAIN_NANOS = 200_000;
    private static final long STOP_SECONDS = 5;
    private static final Set<Errno> ABSENT = Set.of(Errno.ENODEV);

    private final NetlinkSocket question;
    private final List<NetlinkSocket> all = new ArrayList<>();
    private final BlockingQueue<NetlinkSocket> idle = new ArrayBlockingQueue<>(AT_ONCE);
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            AT_ONCE,
            AT_ONCE,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("pod-link-removal-", 0).factory());

    /** Opens sockets in the calling thread's namespace. */
    PodLinkRemoval() {
        threads.allowCoreThreadTimeOut(true);
        try {
            question = open();
            for (int i = 0; i < AT_ONCE; i++) {
                idle.add(open());
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    private NetlinkSocket open() {
        NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE, SMALL_BUFFER);
        all.add(socket);
        return socket;
    }

    /** Returns when there is no link of this name. */
    void remove(String name) {
        Optional<KernelLink> link = KernelLink.named(question, name);
        if (link.isEmpty()) {
            return;
        }
        CompletableFuture<Void> removal =
                CompletableFuture.runAsync(() -> remove(name, link.get().index()), threads);
        while (!removal.isDone() && isThere(name, link.get().index())) {
            LockSupport.parkNanos(ASK_AGAIN_NANOS);
        }
        if (removal.isCompletedExceptionally()) {
            rethrow(removal);
        }
    }

    private boolean isThere(String name, int index) {
        return KernelLink.named(question, name)
                .filter(found -> found.index() == index)
                .isPresent();
    }

    private void remove(String name, int index) {
        try {
            NetlinkSocket socket = idle.take();
            try {
                socket.request(new Request("RTM_DELLINK " + name, Rtnetlink.link(RTM_DELLINK, 0, index, 0, 0), ABSENT));
            } finally {
                idle.add(socket);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("closed before link " + name + " was removed", stopped);
        }
    }

    private static void rethrow(CompletableFuture<Void> removal) {
        try {
            removal.join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException refused ? refused : failure;
        }
    }

    /** Waits for what is under way. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(NetlinkSocket::close);
    }
}
