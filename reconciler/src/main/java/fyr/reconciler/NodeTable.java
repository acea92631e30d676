package fyr.reconciler;

import fyr.kernel.KernelEvent.Subject;
import java.util.List;
import java.util.Set;

/**
 * The tables of a node, in an order in which each finds what it refers to, and what the kernel itself does to a table when something else
 * changes. The kernel does not report much of that.
 */
enum NodeTable {

    /**
     * When a link is removed, its addresses, neighbours, forwarding entries, routes and settings are removed too. A link that is set down
     * loses most of them.
     */
    LINKS(Set.of(Subject.LINK)) {
        @Override
        List<NodeTable> loseWithIt() {
            return List.of(ADDRESSES, SYSCTLS, NEIGHBOURS, FDB, ROUTES);
        }
    },

    /**
     * When an IPv4 address is removed, the routes that prefer it are removed (fib_sync_down_addr); when it was the last one of a link, so
     * are all IPv4 routes and neighbours of the link, including permanent ones (fib_disable_ip in net/ipv4/fib_frontend.c, arp_ifdown).
     * When an IPv6 address is removed, the routes lose their preference (rt6_remove_prefsrc in net/ipv6/route.c). A setting can remove
     * addresses, too (disable_ipv6).
     */
    ADDRESSES(Set.of(Subject.LINK, Subject.ADDRESS)) {
        @Override
        List<NodeTable> loseWithIt() {
            return List.of(NEIGHBOURS, ROUTES);
        }
    },

    /** Packet rules refer to links by name and do not depend on other tables. */
    NFT(Set.of(Subject.NFT)),

    /** The settings of a link are reset when the link is created again. None of our settings removes anything else of ours. */
    SYSCTLS(Set.of(Subject.LINK, Subject.SYSCTL)),

    /**
     * The events of addresses are included because permanent neighbours are removed with the last IPv4 address without an event
     * (neigh_flush_dev).
     */
    NEIGHBOURS(Set.of(Subject.LINK, Subject.ADDRESS, Subject.NEIGHBOUR)),

    /** The kernel treats forwarding entries as neighbours. */
    FDB(Set.of(Subject.LINK, Subject.NEIGHBOUR)),

    /** Comes last, when everything that a route refers to exists. */
    ROUTES(Set.of(Subject.LINK, Subject.ADDRESS, Subject.ROUTE));

    private final Set<Subject> events;

    NodeTable(Set<Subject> events) {
        this.events = events;
    }

    /** Whether a change by others to a subject may have changed this table. */
    boolean isConcernedBy(Subject subject) {
        return events.contains(subject);
    }

    /** The tables that may lose entries when an entry of this table is removed or replaced, even by ourselves. */
    List<NodeTable> loseWithIt() {
        return List.of();
    }
}
