package fyr.compiler.feature;

/** Numbers that depend on contents alone, the same in every process (unlike {@code Enum.hashCode}). */
public final class StableHash {

    private StableHash() {}

    /** FNV-1a over the characters, then mixed. Texts of records are as stable as their components, which are ordered. */
    public static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** Spreads every bit over all others (the finalizer of MurmurHash3). */
    public static long mix(long value) {
        long mixed = (value ^ value >>> 33) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ mixed >>> 33;
    }
}
