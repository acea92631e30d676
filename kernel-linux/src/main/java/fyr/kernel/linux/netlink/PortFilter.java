package fyr.kernel.linux.netlink;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A classic BPF program (include/uapi/linux/filter.h) that looks at nlmsg_pid of the first message of a datagram. */
final class PortFilter {

    private static final int SOCK_FILTER = 8;
    private static final int SOCK_FPROG = 16;
    private static final int NLMSG_PID = 12;
    /** BPF_LD | BPF_W | BPF_ABS: loads in network order, whatever the order of the field is. */
    private static final int LOAD = 0x20;
    /** BPF_JMP | BPF_JEQ | BPF_K. */
    private static final int JUMP_IF_EQUAL = 0x15;
    /** BPF_RET | BPF_K. */
    private static final int RETURN = 0x06;

    private PortFilter() {}

    /** struct sock_fprog of a program that passes everything but what came about through this port. */
    static MemorySegment without(Arena arena, int port) {
        MemorySegment program = arena.allocate(4 * SOCK_FILTER, 8);
        instruction(program, 0, LOAD, 0, 0, NLMSG_PID);
        instruction(program, 1, JUMP_IF_EQUAL, 0, 1, Integer.reverseBytes(port));
        instruction(program, 2, RETURN, 0, 0, 0);
        instruction(program, 3, RETURN, 0, 0, -1);
        MemorySegment header = arena.allocate(SOCK_FPROG, 8);
        header.set(JAVA_SHORT, 0, (short) 4);
        header.set(ADDRESS, 8, program);
        return header;
    }

    private static void instruction(MemorySegment program, int index, int code, int ifTrue, int ifFalse, int value) {
        long at = (long) index * SOCK_FILTER;
        program.set(JAVA_SHORT, at, (short) code);
        program.set(JAVA_BYTE, at + 2, (byte) ifTrue);
        program.set(JAVA_BYTE, at + 3, (byte) ifFalse);
        program.set(JAVA_INT, at + 4, value);
    }
}
