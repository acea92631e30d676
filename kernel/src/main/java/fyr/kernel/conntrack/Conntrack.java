package fyr.kernel.conntrack;

import fyr.model.address.IpAddress;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The connection tracking table. Every method that deletes has the kernel walk over the whole of it, which takes ten milliseconds for an empty table and
 * a second for one of a million entries: no work for a thread that others wait for. An entry that vanished meanwhile is no error. A predicate may be asked
 * about one entry several times.
 */
public interface Conntrack {

    /** Removes the entries of one IP protocol number (17 for UDP) that pass, of both families, and says how many there were. */
    int delete(int protocol, Predicate<ConntrackEntry> which);

    /** Removes the entries of any protocol that pass and of which no answer was ever seen (a TCP SYN without its SYN-ACK). */
    int deleteUnreplied(Predicate<ConntrackEntry> which);

    /** Removes the entries of any protocol in which one of these addresses stands, on either side, before or after translation. */
    int deleteOf(Set<IpAddress> addresses);

    /** How full the table is. Takes microseconds. */
    ConntrackUse use();
}
