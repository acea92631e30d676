package fyr.kernel.linux.packet;

import static fyr.kernel.linux.libc.FilterProgram.IF_ABOVE;
import static fyr.kernel.linux.libc.FilterProgram.IF_AT_LEAST;
import static fyr.kernel.linux.libc.FilterProgram.IF_EQUAL;
import static fyr.kernel.linux.libc.FilterProgram.LOAD_BYTE;
import static fyr.kernel.linux.libc.FilterProgram.LOAD_HALF;
import static fyr.kernel.linux.libc.FilterProgram.LOAD_WORD;
import static fyr.kernel.linux.libc.FilterProgram.RETURN;

import fyr.kernel.linux.libc.FilterProgram;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A filter that passes only the frames that somebody has to look at: a process that is woken by all
 * frames of a link could be kept busy by anyone on it. Each test that fails leads to the end, where the frame is dropped.
 */
final class PacketFilter {

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
        FilterProgram program = new FilterProgram();
        int length = instructions.size() + 2;
        for (int i = 0; i < instructions.size(); i++) {
            Instruction one = instructions.get(i);
            int drop = one.isTest() ? length - 2 - i : 0; // from the next instruction to the last one
            program.add(one.code(), one.dropsIfTrue() ? drop : 0, one.dropsIfTrue() ? 0 : drop, one.value());
        }
        return program.add(RETURN, FilterProgram.PASS)
                .add(RETURN, FilterProgram.DROP)
                .write(arena);
    }
}
