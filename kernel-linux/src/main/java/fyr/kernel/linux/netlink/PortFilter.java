package fyr.kernel.linux.netlink;

import fyr.kernel.linux.libc.FilterProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A filter that looks at nlmsg_pid of the first message of a datagram. */
final class PortFilter {

    private static final int NLMSG_PID = 12; // loaded in network order, whatever the order of the field is

    private PortFilter() {}

    /** struct sock_fprog of a program that passes everything but what came about through this port. */
    static MemorySegment without(Arena arena, int port) {
        return new FilterProgram()
                .add(FilterProgram.LOAD_WORD, NLMSG_PID)
                .add(FilterProgram.IF_EQUAL, 0, 1, Integer.reverseBytes(port))
                .add(FilterProgram.RETURN, FilterProgram.DROP)
                .add(FilterProgram.RETURN, FilterProgram.PASS)
                .write(arena);
    }
}
