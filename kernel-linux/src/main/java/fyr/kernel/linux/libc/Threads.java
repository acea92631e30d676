package fyr.kernel.linux.libc;

/**
 * unshare and setns, which move the calling operating system thread. Never on a virtual thread (others would run in the namespace too,
 * when the carrier passes on), never on a thread of a pool: {@link fyr.kernel.linux.namespace.NetworkNamespace} is the only caller.
 */
public final class Threads {

    public static final int CLONE_NEWNET = 0x40000000;

    private Threads() {}

    /** Gives the calling thread a new, empty network namespace. */
    public static void unshareNetwork() {
        requirePlatformThread();
        Syscall.checked(Syscall.call(SystemCall.UNSHARE, CLONE_NEWNET, 0, 0, 0, 0, 0), "unshare CLONE_NEWNET");
    }

    /** Moves the calling thread into a network namespace. */
    public static void setNetworkNamespace(Descriptor namespace) {
        requirePlatformThread();
        Syscall.checked(
                Syscall.call(SystemCall.SETNS, namespace.number(), CLONE_NEWNET, 0, 0, 0, 0), "setns " + namespace);
    }

    private static void requirePlatformThread() {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException("a virtual thread must not change its namespace");
        }
    }
}
