package fyr.cni.protocol;

/** Codes of errors: below 100 by section "Error" of the specification, from 100 on our own. */
public enum CniErrorCode {
    INCOMPATIBLE_VERSION(1),
    UNSUPPORTED_FIELD(2),
    INVALID_ENVIRONMENT(4),
    IO_FAILURE(5),
    UNDECODABLE(6),
    INVALID_CONFIGURATION(7),
    /** Not in the specification's table; containernetworking's {@code types.ErrInvalidNetNS}. */
    INVALID_NAMESPACE(8),
    TRY_AGAIN_LATER(11),
    /** Of STATUS: an ADD cannot be served. */
    UNAVAILABLE(50),
    /** Of STATUS: as UNAVAILABLE, and pods that are attached may have limited connectivity. */
    LIMITED(51),
    /** No free address is left in one of the node's blocks. */
    ADDRESSES_EXHAUSTED(100),
    /** The kernel refused. */
    KERNEL_REFUSED(101),
    /** The pod has an interface of that name that this attachment did not make. */
    INTERFACE_EXISTS(102),
    /** CHECK found something missing or different. */
    CHECK_FAILED(103),
    /** Another pod of this node has a host port that the pod asks for. */
    HOST_PORT_IN_USE(104),
    /** A defect of ours; containernetworking's {@code types.ErrInternal}. */
    INTERNAL(999);

    private final int number;

    CniErrorCode(int number) {
        this.number = number;
    }

    /** The value of {@code code}. */
    public int number() {
        return number;
    }
}
