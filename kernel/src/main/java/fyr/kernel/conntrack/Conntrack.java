package fyr.kernel.conntrack;

import java.util.List;
import java.util.function.Predicate;

/** The connection tracking table. */
public interface Conntrack {

    /** Reads the entries of one IP protocol number (17 for UDP), both families. */
    List<ConntrackEntry> list(int protocol);

    /** Removes the entries of one IP protocol number that pass, and says how many there were. An entry that vanished meanwhile is no error. */
    int delete(int protocol, Predicate<ConntrackEntry> which);
}
