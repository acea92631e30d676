package fyr.kernel.linux.libc;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** A classic BPF program (include/uapi/linux/filter.h) for {@link Sockets#SO_ATTACH_FILTER}. For one thread. */
public final class FilterProgram {

    /** BPF_LD | BPF_W, BPF_H and BPF_B | BPF_ABS: all load in network order. */
    public static final int LOAD_WORD = 0x20;

    public static final int LOAD_HALF = 0x28;
    public static final int LOAD_BYTE = 0x30;
    /** BPF_ALU | BPF_AND | BPF_K. */
    public static final int AND = 0x54;
    /** BPF_JMP | BPF_JA, BPF_JEQ, BPF_JGT and BPF_JGE | BPF_K. */
    public static final int JUMP = 0x05;

    public static final int IF_EQUAL = 0x15;
    public static final int IF_ABOVE = 0x25;
    public static final int IF_AT_LEAST = 0x35;
    /** BPF_RET | BPF_K, whose value is how many bytes pass. */
    public static final int RETURN = 0x06;

    public static final int PASS = -1;
    public static final int DROP = 0;

    private static final int SOCK_FILTER = 8;
    private static final int SOCK_FPROG = 16;

    private record Instruction(int code, int ifTrue, int ifFalse, int value) {}

    private final List<Instruction> instructions = new ArrayList<>();

    /** Adds an instruction that is no test. */
    public FilterProgram add(int code, int value) {
        return add(code, 0, 0, value);
    }

    /**
     * Adds an instruction.
     *
     * @param ifTrue how many of the next instructions are skipped if a test succeeds
     * @param ifFalse how many are skipped if it fails
     */
    public FilterProgram add(int code, int ifTrue, int ifFalse, int value) {
        instructions.add(new Instruction(code, ifTrue, ifFalse, value));
        return this;
    }

    /** As struct sock_fprog, which lives as long as the arena. */
    public MemorySegment write(Arena arena) {
        MemorySegment program = arena.allocate((long) instructions.size() * SOCK_FILTER, 8);
        for (int i = 0; i < instructions.size(); i++) {
            write(instructions.get(i), program.asSlice((long) i * SOCK_FILTER, SOCK_FILTER));
        }
        MemorySegment header = arena.allocate(SOCK_FPROG, 8);
        header.set(JAVA_SHORT, 0, (short) instructions.size());
        header.set(ADDRESS, 8, program);
        return header;
    }

    private static void write(Instruction instruction, MemorySegment to) {
        to.set(JAVA_SHORT, 0, (short) instruction.code());
        to.set(JAVA_BYTE, 2, (byte) instruction.ifTrue());
        to.set(JAVA_BYTE, 3, (byte) instruction.ifFalse());
        to.set(JAVA_INT, 4, instruction.value());
    }
}
