package fyr.kernel.linux.netlink;

import fyr.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;

/** What went wrong with changes that do not depend on each other: all are tried, then the failures are thrown as one. */
public final class Failures {

    private final List<KernelException> all = new ArrayList<>();

    /** Notes a failure. */
    public void add(KernelException failure) {
        all.add(failure);
    }

    /** Makes a change, and notes its failure. */
    public void attempt(Runnable change) {
        try {
            change.run();
        } catch (KernelException failure) {
            add(failure);
        }
    }

    /** Throws the failures as one, with the message of the first; does nothing if there was none. */
    public void throwFirst() {
        if (!all.isEmpty()) {
            throw KernelException.of(all);
        }
    }
}
