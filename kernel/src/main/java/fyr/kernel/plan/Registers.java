package fyr.kernel.plan;

import fyr.kernel.nft.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/** The sixteen 32-bit registers during one rule. What a rule did not load cannot be read, as in the kernel since Linux 6.6. */
final class Registers {

    private static final int SIZE = 64;

    private final byte[] bytes = new byte[SIZE];
    private final BitSet loaded = new BitSet(SIZE / 4);

    /** Stores the bytes and clears what is left of their last register, as nft_payload.c and nft_data_copy do. */
    void load(int register, Bytes value) {
        int start = start(register, value.length());
        int words = value.length() + 3 >> 2;
        java.util.Arrays.fill(bytes, start, start + words * 4, (byte) 0);
        System.arraycopy(value.toArray(), 0, bytes, start, value.length());
        loaded.set(register, register + words);
    }

    Bytes read(int register, int length) {
        int start = start(register, length);
        if (loaded.nextClearBit(register) < register + (length + 3 >> 2)) {
            throw new IllegalStateException(
                    "register " + loaded.nextClearBit(register) + " is read before it is loaded");
        }
        return Bytes.of(java.util.Arrays.copyOfRange(bytes, start, start + length));
    }

    int readHost32(int register) {
        return ByteBuffer.wrap(read(register, 4).toArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
    }

    private static int start(int register, int length) {
        if (register < 0 || register * 4 + length > SIZE || length == 0) {
            throw new IllegalStateException(length + " bytes do not fit from register " + register + " on");
        }
        return register * 4;
    }
}
