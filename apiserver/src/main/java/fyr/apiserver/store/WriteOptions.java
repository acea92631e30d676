package fyr.apiserver.store;

/**
 * How a write is meant.
 *
 * @param dryRun answer as if, and store nothing
 * @param strict refuse unknown fields; otherwise they are dropped
 */
public record WriteOptions(boolean dryRun, boolean strict) {
    /** A write that counts, with unknown fields dropped. */
    public static final WriteOptions PLAIN = new WriteOptions(false, false);
}
