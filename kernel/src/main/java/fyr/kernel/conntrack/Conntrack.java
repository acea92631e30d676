package fyr.kernel.conntrack;

import java.util.function.Predicate;

/** The connection tracking table. */
public interface Conntrack {

    /**
     * Removes the entries of one IP protocol number (17 for UDP) that pass, of both families, and says how many there were. An entry that
     * vanished meanwhile is no error. One may be asked about several times.
     */
    int delete(int protocol, Predicate<ConntrackEntry> which);
}
