package fyr.kernel.linux.nft;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;

/** The kernel's reason for not making a transaction, at one of its steps. */
record Refusal(Step step, Errno errno, String text) {

    KernelException toException() {
        return new KernelException(step.operation(), errno, text);
    }
}
