package fyr.kernel;

import java.util.function.Consumer;

/**
 * A comparison of a large table with what it should hold, made in steps between which the table is used and changed. What it tells is a
 * hint: {@link KernelTable#read} says what is there now. Used by the thread that uses the table.
 *
 * @param <K> as of the table
 */
public interface TableLook<K> {

    /**
     * Looks on.
     *
     * @param nanoseconds how long about; one step of the kernel's is made in any case
     * @param doubtful told of each entry that seems to be missing, different or superfluous
     * @return whether there is more to look at
     * @throws KernelException if the kernel refuses; this look is at its end then
     */
    boolean proceed(long nanoseconds, Consumer<? super K> doubtful);
}
