package fyr.kernel;

import java.util.function.Consumer;

/**
 * Compares a large table with its expected contents, in steps between which the table is used and changed. The result is a hint: {@link
 * KernelTable#read} says what is there now. Used by the thread that uses the table.
 *
 * @param <K> as of the table
 */
public interface TableLook<K> {

    /**
     * Continues reading.
     *
     * @param nanoseconds about how long; at least one step of the kernel is made
     * @param doubtful called for each entry that seems to be missing, different or superfluous
     * @return whether there is more to read
     * @throws KernelException if the kernel refuses; this look is over then
     */
    boolean proceed(long nanoseconds, Consumer<? super K> doubtful);
}
