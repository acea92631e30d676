package fyr.kernel.conntrack;

import fyr.model.address.IpAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The connection tracking table. Every method that deletes makes the kernel walk the whole table, which takes ten milliseconds for an empty
 * table and a second for one of a million entries: do not call it on a thread that others wait for. An entry that disappears meanwhile is
 * no error. A predicate may be called several times for one entry.
 */
public interface Conntrack {

    /** Removes the matching entries of one IP protocol number (17 for UDP), of both families, and returns their number. */
    int delete(int protocol, Predicate<ConntrackEntry> which);

    /** The matching entries of one IP protocol number, of both families. Walks the whole table, as the methods that delete do. */
    List<ConntrackEntry> find(int protocol, Predicate<ConntrackEntry> which);

    /**
     * Removes the matching entries of any protocol that were never answered (a TCP SYN without its SYN-ACK) and are not answered within some
     * time either: an answer may be on its way, and without the entry it would not be translated back. Blocks for that time if there are any,
     * and ends early, without removing anything, if the thread is interrupted.
     */
    int deleteUnreplied(Duration patience, Predicate<ConntrackEntry> which);

    /** Removes the entries of any protocol that contain one of these addresses, on either side, before or after translation. */
    int deleteOf(Set<IpAddress> addresses);

    /**
     * Reads some entries in the order of their hashes, which do not depend on whose they are: their shares are those of the whole table.
     * Takes ten microseconds for each.
     *
     * @param most after about how many entries to stop
     */
    void sample(int most, Consumer<ConntrackEntry> each);

    /** How full the table is. Takes microseconds. */
    ConntrackUse use();
}
