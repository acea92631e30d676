package fyr.kernel.linux.netlink;

import fyr.kernel.KernelException;
import java.util.Optional;

/** What went wrong with changes that do not depend on each other: all are tried, then the first failure is thrown. */
public final class Failures {

    private Optional<KernelException> first = Optional.empty();
    private int further;

    /** Notes a failure. */
    public void add(KernelException failure) {
        if (first.isPresent()) {
            further++;
        } else {
            first = Optional.of(failure);
        }
    }

    /** Makes a change, and notes its failure. */
    public void attempt(Runnable change) {
        try {
            change.run();
        } catch (KernelException failure) {
            add(failure);
        }
    }

    /** Throws the first failure, which tells how many more there were; does nothing if there was none. */
    public void throwFirst() {
        if (first.isPresent()) {
            throw first.get().andMore(further);
        }
    }
}
