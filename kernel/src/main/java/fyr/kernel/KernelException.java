package fyr.kernel;

import java.util.List;

/**
 * The kernel refused. The message reads {@code operation: ERRNO_NAME (kernel's own words)}, and where the kernel was not asked, or did not
 * answer, {@code operation: our words}.
 */
public final class KernelException extends RuntimeException {

    private final Errno errno;

    /** What this one sums up; empty if it is a single refusal. */
    private final List<KernelException> parts;

    private KernelException(String message, Errno errno) {
        this(message, errno, List.of());
    }

    private KernelException(String message, Errno errno, List<KernelException> parts) {
        super(message);
        this.errno = errno;
        this.parts = List.copyOf(parts);
    }

    /**
     * @param operation what was asked for, with its object: {@code RTM_NEWROUTE 10.1.0.0/24}
     * @param extendedAck the kernel's explanation (NLMSGERR_ATTR_MSG), empty if it gave none
     */
    public KernelException(String operation, Errno errno, String extendedAck) {
        this(operation + ": " + errno + (extendedAck.isEmpty() ? "" : " (" + extendedAck + ")"), errno);
    }

    /**
     * What was not asked for, because it is known to be in vain, or was not answered.
     *
     * @param errno what the kernel would have said
     * @param why in our words
     */
    public static KernelException unasked(String operation, Errno errno, String why) {
        return new KernelException(operation + ": " + why, errno);
    }

    /**
     * Several failures as one: the message is that of the first, with the number of those that came after it.
     *
     * @param failures at least one
     */
    public static KernelException of(List<KernelException> failures) {
        KernelException first = failures.getFirst();
        if (failures.size() == 1) {
            return first;
        }
        String message = first.getMessage() + ", and " + (failures.size() - 1) + " more failed";
        KernelException several = new KernelException(message, first.errno, failures);
        several.initCause(first);
        return several;
    }

    /** The single refusals: this one, or those that it sums up. */
    public List<KernelException> each() {
        return parts.isEmpty() ? List.of(this) : parts;
    }

    /** The kernel's error number. */
    public Errno errno() {
        return errno;
    }
}
