package fyr.testkit;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;

/** What was refused of a change whose entries do not depend on each other: the others are changed, then the first refusal is thrown. */
final class FakeRefusals {

    private final List<KernelException> unasked = new ArrayList<>();
    private final List<KernelException> refused = new ArrayList<>();

    /** The tables look for the link of an entry before they ask the kernel for anything, so these come first. */
    void absentLink(String operation, String link) {
        unasked.add(KernelException.unasked(operation, Errno.ENODEV, "there is no link " + link));
    }

    void add(String operation, Errno errno) {
        refused.add(new KernelException(operation, errno, ""));
    }

    void throwFirst() {
        List<KernelException> all = new ArrayList<>(unasked);
        all.addAll(refused);
        if (!all.isEmpty()) {
            throw KernelException.of(all);
        }
    }
}
