package fyr.kernel.linux.packet;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A classic BPF program (include/uapi/linux/filter.h) that passes only the frames that somebody has to look at: a process that is woken by all
 * frames of a link could be kept busy by anyone on it. Each test that fails leads to the end, where the frame is dropped.
 */
final class PacketFilter {

    private static final int SOCK_FILTER = 8;
    private static final int SOCK_FPROG = 16;
    /** BPF_LD | BPF_W, BPF_H and BPF_B | BPF_ABS. */
    private static final int LOAD_WORD = 0x20;

    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_BYTE = 0x30;
    /** BPF_JMP | BPF_JEQ and BPF_JGE and BPF_JGT | BPF_K. */
    private static final int IF_EQUAL = 0x15;

    private static final int IF_AT_LEAST = 0x35;
    private static final int IF_ABOVE = 0x25;
    /** BPF_RET | BPF_K. */
    private static final int RETURN = 0x06;
    /** SKF_AD_OFF + SKF_AD_PKTTYPE. */
    private static final int PACKET_TYPE = -0x1000 + 4;

    private static final int PACKET_OTHERHOST = 3;

    private record Instruction(int code, boolean isTest, boolean dropsIfTrue, int value) {}

    private final List<Instruction> instructions = new ArrayList<>();

    private PacketFilter() {
        load(LOAD_WORD, PACKET_TYPE).dropIf(IF_AT_LEAST, PACKET_OTHERHOST); // what is for others, and what goes out
    }

    /** Requests for IPv4 addresses of Ethernet neighbours whose target lies within these bounds, as unsigned numbers. */
    static PacketFilter arpRequests(int lowest, int highest) {
        return new PacketFilter()
                .load(LOAD_WORD, 14)
                .keepIf(IF_EQUAL, 0x0001_0800) // Ethernet, IPv4
                .load(LOAD_HALF, 20)
                .keepIf(IF_EQUAL, 1)
                .load(LOAD_WORD, 38)
                .keepIf(IF_AT_LEAST, lowest)
                .dropIf(IF_ABOVE, highest);
    }

    /** Neighbour solicitations: of IPv6 with ICMPv6 as the first header, hop limit 255, type 135. */
    static PacketFilter solicitations() {
        return new PacketFilter()
                .load(LOAD_HALF, 20)
                .keepIf(IF_EQUAL, 58 << 8 | 255)
                .load(LOAD_BYTE, 54)
                .keepIf(IF_EQUAL, 135);
    }

    /** Frames that are answers of neighbours, for those who watch who answers. */
    static PacketFilter arpReplies() {
        return new PacketFilter()
                .load(LOAD_WORD, 14)
                .keepIf(IF_EQUAL, 0x0001_0800)
                .load(LOAD_HALF, 20)
                .keepIf(IF_EQUAL, 2);
    }

    /** Neighbour advertisements. */
    static PacketFilter advertisements() {
        return new PacketFilter()
                .load(LOAD_HALF, 20)
                .keepIf(IF_EQUAL, 58 << 8 | 255)
                .load(LOAD_BYTE, 54)
                .keepIf(IF_EQUAL, 136);
    }

    private PacketFilter load(int size, int offset) {
        instructions.add(new Instruction(size, false, false, offset));
        return this;
    }

    private PacketFilter keepIf(int test, int value) {
        instructions.add(new Instruction(test, true, false, value));
        return this;
    }

    private PacketFilter dropIf(int test, int value) {
        instructions.add(new Instruction(test, true, true, value));
        return this;
    }

    /** As struct sock_fprog. */
    MemorySegment program(Arena arena) {
        int length = instructions.size() + 2;
        MemorySegment program = arena.allocate((long) length * SOCK_FILTER, 8);
        for (int i = 0; i < instructions.size(); i++) {
            Instruction one = instructions.get(i);
            int drop = one.isTest() ? length - 2 - i : 0; // from the next instruction to the last one
            write(program, i, one.code(), one.dropsIfTrue() ? drop : 0, one.dropsIfTrue() ? 0 : drop, one.value());
        }
        write(program, length - 2, RETURN, 0, 0, -1);
        write(program, length - 1, RETURN, 0, 0, 0);
        MemorySegment header = arena.allocate(SOCK_FPROG, 8);
        header.set(JAVA_SHORT, 0, (short) length);
        header.set(ADDRESS, 8, program);
        return header;
    }

    private static void write(MemorySegment program, int index, int code, int ifTrue, int ifFalse, int value) {
        long at = (long) index * SOCK_FILTER;
        program.set(JAVA_SHORT, at, (short) code);
        program.set(JAVA_BYTE, at + 2, (byte) ifTrue);
        program.set(JAVA_BYTE, at + 3, (byte) ifFalse);
        program.set(JAVA_INT, at + 4, value);
    }
}
