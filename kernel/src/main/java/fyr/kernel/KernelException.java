package fyr.kernel;

/**
 * The kernel refused. The message reads {@code operation: ERRNO_NAME (kernel's own words)}, and where the kernel was not asked, or did not
 * answer, {@code operation: our words}.
 */
public final class KernelException extends RuntimeException {

    private final Errno errno;

    private KernelException(String message, Errno errno) {
        super(message);
        this.errno = errno;
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

    /** The first of several failures, with the number of those that came after it. */
    public KernelException andMore(int further) {
        if (further == 0) {
            return this;
        }
        KernelException first = new KernelException(getMessage() + ", and " + further + " more failed", errno);
        first.initCause(this);
        return first;
    }

    /** The kernel's error number. */
    public Errno errno() {
        return errno;
    }
}
