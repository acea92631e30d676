package fyr.dns.message;

import java.util.Arrays;

/**
 * Where the names of a message, and what is left of each after its first labels, were written: a small hash table of places, each with the
 * upper bits of its hash. A look-up compares a few places however many there are, and however their hashes were chosen.
 */
final class WrittenNames {

    private static final int SLOTS = 128; // a power of two
    private static final int MOST = SLOTS / 2; // more are not remembered: the first ones repay it most
    private static final int PROBES = 8;
    private static final int PLACE = 0x3fff; // what a compression pointer reaches (RFC 1035 section 4.1.4)

    private final int[] slots = new int[SLOTS]; // 0 is free: no name is written within the header
    private final int[] order = new int[MOST];
    private int count;

    /** The place in a message of {@code end} bytes where the rest of a name from {@code from} on was written, or -1. */
    int find(int hash, byte[] wire, int from, byte[] message, int end) {
        for (int probe = 0; probe < PROBES; probe++) {
            int slot = slots[hash + probe & SLOTS - 1];
            if (slot == 0) {
                return -1;
            }
            int place = slot & PLACE;
            if (((slot ^ hash) & ~PLACE) == 0 && same(wire, from, message, place, end)) {
                return place;
            }
        }
        return -1;
    }

    /** Whether the rest of a name is what was written at a place, whose own rest may be a pointer. Compares case. */
    private static boolean same(byte[] wire, int from, byte[] message, int place, int end) {
        int mine = from;
        int there = place;
        while (true) {
            while ((message[there] & 0xc0) == 0xc0) {
                there = (message[there] & 0x3f) << 8 | message[there + 1] & 255;
            }
            int length = wire[mine] + 1;
            if (there + length > end || !Arrays.equals(wire, mine, mine + length, message, there, there + length)) {
                return false;
            }
            if (length == 1) {
                return true;
            }
            mine += length;
            there += length;
        }
    }

    void add(int hash, int place) {
        for (int probe = 0; probe < PROBES && count < MOST && place <= PLACE; probe++) {
            int index = hash + probe & SLOTS - 1;
            if (slots[index] == 0) {
                slots[index] = hash & ~PLACE | place;
                order[count++] = index;
                return;
            }
        }
    }

    int count() {
        return count;
    }

    /** Forgets all but the first. The last added leaves first, so no other was put behind it. */
    void keep(int first) {
        while (count > first) {
            slots[order[--count]] = 0;
        }
    }

    /** The hashes of what is left of a name from each of its labels on, at the index where the label begins. */
    static int[] hashes(byte[] wire) {
        int[] hashes = new int[wire.length];
        int labels = 0;
        for (int at = 0; wire[at] != 0; at += wire[at] + 1) {
            hashes[labels++] = at; // the places of the labels, until they are overwritten from the end
        }
        int hash = 0;
        while (labels > 0) {
            int start = hashes[--labels];
            for (int i = start + wire[start]; i >= start; i--) {
                hash = hash * 31 + wire[i];
            }
            hashes[start] = hash ^ hash >>> 15;
        }
        return hashes;
    }
}
