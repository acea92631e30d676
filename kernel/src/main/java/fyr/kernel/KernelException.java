package fyr.kernel;

/**
 * The kernel refused. The message reads {@code operation: ERRNO_NAME (kernel's own words)}.
 */
public final class KernelException extends RuntimeException {

    private final Errno errno;

    /**
     * @param operation what was asked for, with its object: {@code RTM_NEWROUTE 10.1.0.0/24}
     * @param extendedAck the kernel's explanation (NLMSGERR_ATTR_MSG), empty if it gave none
     */
    public KernelException(String operation, Errno errno, String extendedAck) {
        super(operation + ": " + errno + (extendedAck.isEmpty() ? "" : " (" + extendedAck + ")"));
        this.errno = errno;
    }

    /** The kernel's error number. */
    public Errno errno() {
        return errno;
    }
}
