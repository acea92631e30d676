package fyr.kernel.linux.libc;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * An open file descriptor. Whoever has one must close it: descriptors are to this program what memory is to a C program, so the open ones
 * are counted, and with assertions on each remembers who opened it. Safe on any thread, but closing while another thread is inside a
 * call on it is the caller's mistake: the number may be another file's by then.
 */
public final class Descriptor implements AutoCloseable {

    private static final Set<Descriptor> OPEN = ConcurrentHashMap.newKeySet();

    private final int number;
    private final String what;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final @Nullable Throwable origin;

    Descriptor(long number, String what) {
        this.number = (int) number;
        this.what = what;
        this.origin = Descriptor.class.desiredAssertionStatus() ? new Throwable(what + " was opened here") : null;
        OPEN.add(this);
    }

    /** The number, for a system call or for a message to the kernel. */
    public int number() {
        if (closed.get()) {
            throw new IllegalStateException("closed: " + what, origin);
        }
        return number;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            OPEN.remove(this);
            // The descriptor is gone whatever close(2) answers (filp_close in fs/open.c), EINTR too: closed a second
            // time, the number may be
            // another file's.
            Syscall.once(SystemCall.CLOSE, number, 0, 0, 0, 0, 0);
        }
    }

    /** How many descriptors are open now. */
    public static int openDescriptors() {
        return OPEN.size();
    }

    /** The descriptors that are open now. */
    public static List<Descriptor> open() {
        return List.copyOf(OPEN);
    }

    /** Where this was opened, if assertions were on. */
    @Nullable
    Throwable origin() {
        return origin;
    }

    @Override
    public String toString() {
        return what + " (descriptor " + number + ")";
    }
}
