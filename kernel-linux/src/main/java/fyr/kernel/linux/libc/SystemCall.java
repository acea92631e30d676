package fyr.kernel.linux.libc;

/**
 * The system calls that are used, with their numbers: arch/x86/entry/syscalls/syscall_64.tbl and, for arm64,
 * include/uapi/asm-generic/unistd.h.
 */
enum SystemCall {
    READ(0, 63),
    WRITE(1, 64),
    CLOSE(3, 57),
    IOCTL(16, 29),
    SOCKET(41, 198),
    SENDTO(44, 206),
    RECVFROM(45, 207),
    SENDMSG(46, 211),
    RECVMSG(47, 212),
    BIND(49, 200),
    GETSOCKNAME(51, 204),
    GETPEERNAME(52, 205),
    SETSOCKOPT(54, 208),
    GETSOCKOPT(55, 209),
    MOUNT(165, 40),
    UMOUNT2(166, 39),
    OPENAT(257, 56),
    PPOLL(271, 73),
    UNSHARE(272, 97),
    EVENTFD2(290, 19),
    SETNS(308, 268);

    private final int x86;
    private final int arm64;

    SystemCall(int x86, int arm64) {
        this.x86 = x86;
        this.arm64 = arm64;
    }

    /** The number on a machine whose {@code os.arch} is this. */
    int number(String architecture) {
        return switch (architecture) {
            case "amd64", "x86_64" -> x86;
            case "aarch64" -> arm64;
            default -> throw new UnsupportedOperationException("Fyr runs on x86-64 and arm64, not on " + architecture);
        };
    }
}
