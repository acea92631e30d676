package fyr.kernel;

import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.link.Links;
import fyr.kernel.nft.Meters;
import fyr.kernel.pod.PodLinks;
import fyr.kernel.socket.TcpSockets;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * The kernel of one node: one network namespace. There is the real one (module kernel-linux) and a fake with the same contract (module
 * testkit).
 */
public interface Kernel extends AutoCloseable {

    /** The tables that this kernel has. */
    Collection<TableId<?, ?>> tables();

    /**
     * The table of an identifier.
     *
     * @throws IllegalArgumentException if this kernel has no such table
     */
    <K extends Comparable<? super K>, V> KernelTable<K, V> table(TableId<K, V> id);

    /** What our rules have counted. */
    Meters meters();

    /** Facts about links that are not ours: how the node is connected. */
    Links hostLinks();

    /** Pods' links. */
    PodLinks podLinks();

    /** Connection tracking. */
    Conntrack conntrack();

    /** TCP sockets of the node and of its pods. */
    TcpSockets sockets();

    /**
     * Calls back for every change that others make to links, addresses, routes, neighbours, settings or nf_tables, on its own threads and
     * on several at once, until the subscription is closed. Changes made through this object are left out if the kernel says who made them.
     */
    AutoCloseable subscribe(Consumer<KernelEvent> listener);

    @Override
    void close();
}
