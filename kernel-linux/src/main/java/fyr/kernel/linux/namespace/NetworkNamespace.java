package fyr.kernel.linux.namespace;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Files;
import fyr.kernel.linux.libc.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/**
 * A network namespace, held open by a descriptor. {@link #call} runs work in it: on the calling thread if that is a platform thread in this
 * namespace, otherwise on a thread that is created for the purpose and ends with it, because a thread that has been in another namespace
 * must never do anything else. Safe on any thread.
 *
 * <p>A socket or channel stays in the namespace of the thread that created it, whoever uses it later; a process started within {@link
 * #call} runs in the namespace, because the JDK forks it from the calling thread.
 *
 * <p>{@code java.net.NetworkInterface} and everything else that reads {@code /proc/self} or {@code /sys/class/net} shows the namespace of
 * the process's first thread, not this one.
 */
public final class NetworkNamespace implements AutoCloseable {

    private static final String DEVICE = "unix:dev";
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");
    private static final Path OPEN = Path.of("/proc/self/fd");

    private final Path file;
    private final Descriptor descriptor;

    private NetworkNamespace(Path file, Descriptor descriptor) {
        this.file = file;
        this.descriptor = descriptor;
    }

    /**
     * Creates an empty namespace, whose {@code lo} is down, and mounts it on a file; it lives until {@link #delete}. A file on which
     * nothing is mounted is reused: it may remain after a power failure.
     *
     * @throws KernelException EEXIST if there is a namespace already, which stays as it is; otherwise if the kernel refuses, and then
     *     nothing is left
     */
    public static NetworkNamespace create(Path file) {
        try {
            java.nio.file.Files.createDirectories(file.toAbsolutePath().getParent());
            if (!java.nio.file.Files.exists(file)) {
                java.nio.file.Files.createFile(file);
            } else if (isMounted(file)) {
                throw KernelException.unasked("namespace " + file, Errno.EEXIST, "exists");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        try {
            return FreshThread.call("netns-create", () -> {
                Threads.unshareNetwork();
                // Not /proc/self: that is the process's first thread, which is still where it was.
                Files.mount(OWN, file, "", Files.MS_BIND);
                return open(file);
            });
        } catch (RuntimeException failure) {
            delete(file);
            throw failure;
        }
    }

    /** Whether the file is on another file system than its folder: then a namespace is mounted on it. */
    private static boolean isMounted(Path file) throws IOException {
        return !java.nio.file.Files.getAttribute(file, DEVICE)
                .equals(java.nio.file.Files.getAttribute(file.toAbsolutePath().getParent(), DEVICE));
    }

    /**
     * Runs the action in an empty namespace without a name, which ends with the action unless the action keeps something in it open.
     *
     * @throws KernelException if the kernel creates no namespace
     */
    public static <T> T callInNew(Callable<T> action) {
        return FreshThread.call("netns-new", () -> {
            Threads.unshareNetwork();
            return action.call();
        });
    }

    /**
     * Opens the namespace that a file stands for, such as {@code /proc/PID/ns/net} or one below {@code /run/netns}.
     *
     * @throws KernelException ENOENT if there is no such file
     */
    public static NetworkNamespace open(Path file) {
        try {
            return new NetworkNamespace(file, Files.open(file, Files.O_RDONLY));
        } catch (KernelException refused) {
            throw refused.errno().equals(Errno.ENOENT) ? unseen(file, Errno.ENOENT, "there is no such file") : refused;
        }
    }

    /**
     * The file may be correct, but mounted where only the container runtime sees it: each mount namespace has its own mounts
     * (mount_namespaces(7)).
     */
    private static KernelException unseen(Path file, Errno errno, String what) {
        return KernelException.unasked(
                "network namespace " + file,
                errno,
                what + " as this process sees it (" + errno
                        + "); a process in a container sees the namespaces of the host only if their "
                        + "folder is mounted into it with mountPropagation HostToContainer");
    }

    /** The namespace of the calling thread. */
    public static NetworkNamespace current() {
        return open(OWN);
    }

    /**
     * Unmounts a namespace and removes its file; a missing file is no error. Processes and descriptors keep the namespace alive without a
     * name.
     */
    public static void delete(Path file) {
        try {
            Files.unmount(file, Files.MNT_DETACH);
        } catch (KernelException refused) {
            // EINVAL: nothing is mounted there.
            if (!refused.errno().equals(Errno.EINVAL) && !refused.errno().equals(Errno.ENOENT)) {
                throw refused;
            }
        }
        try {
            java.nio.file.Files.deleteIfExists(file);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Runs the action in this namespace and gives its result.
     *
     * @throws KernelException EINVAL if the file is none of a network namespace; EAGAIN if no thread can be made
     * @throws Exception whatever the action throws; {@link InterruptedException} never: an interrupted caller waits for the action, and
     *     stays interrupted
     */
    public <T> T call(Callable<T> action) throws Exception {
        if (holdsCaller()) {
            return action.call();
        }
        return FreshThread.callChecked("netns-" + file.getFileName(), () -> {
            enter();
            return action.call();
        });
    }

    /** Like {@link #call}, for an action that throws no checked exception. */
    public void run(Runnable action) {
        if (holdsCaller()) {
            action.run();
            return;
        }
        FreshThread.call("netns-" + file.getFileName(), () -> {
            enter();
            action.run();
            return true;
        });
    }

    /**
     * Whether the calling thread can itself do work in this namespace: the agent reads settings twice a second, even when no thread can be
     * created. If this cannot be determined, the answer is no.
     */
    private boolean holdsCaller() {
        try {
            return !Thread.currentThread().isVirtual()
                    && java.nio.file.Files.isSameFile(OWN, OPEN.resolve(String.valueOf(descriptor.number())));
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Moves the calling thread here; only for a {@link FreshThread}. */
    void enter() {
        try {
            Threads.setNetworkNamespace(descriptor);
        } catch (KernelException refused) {
            throw refused.errno().equals(Errno.EINVAL)
                    ? unseen(file, Errno.EINVAL, "the file is no network namespace")
                    : refused;
        }
    }

    /** The descriptor's number, to name this namespace to the kernel (IFLA_NET_NS_FD). It is valid until {@link #close}. */
    public int descriptor() {
        return descriptor.number();
    }

    /** The file that it was opened by. */
    public Path file() {
        return file;
    }

    /** Releases the namespace; it continues to exist for others. */
    @Override
    public void close() {
        descriptor.close();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
