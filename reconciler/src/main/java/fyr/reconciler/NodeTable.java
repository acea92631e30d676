package fyr.reconciler;

import fyr.kernel.KernelEvent.Subject;
import java.util.List;
import java.util.Set;

/**
 * The tables of a node, in an order in which each finds what it refers to, and what the kernel does to one of them by itself when something
 * else changes. It tells nobody of much of that.
 */
enum NodeTable {

    /** With a link go its addresses, neighbours, forwarding entries, routes and settings. One that goes down loses most of them. */
    LINKS(Set.of(Subject.LINK)) {
        @Override
        List<NodeTable> loseWithIt() {
            return List.of(ADDRESSES, SYSCTLS, NEIGHBOURS, FDB, ROUTES);
        }
    },

    /**
     * With an IPv4 address go the routes that prefer it (fib_sync_down_addr); with the last one of a link all its IPv4 routes and
     * neighbours, permanent ones too (fib_disable_ip in net/ipv4/fib_frontend.c, arp_ifdown). Of an IPv6 address that goes, the routes
     * lose their preference (rt6_remove_prefsrc in net/ipv6/route.c). An address can be lost by a setting, too (disable_ipv6).
     */
    ADDRESSES(Set.of(Subject.LINK, Subject.ADDRESS)) {
        @Override
        List<NodeTable> loseWithIt() {
            return List.of(NEIGHBOURS, ROUTES);
        }
    },

    /** Packet rules name links by name, and live and die by themselves. */
    NFT(Set.of(Subject.NFT)),

    /** Settings of a link begin anew with the link. None of ours, once set, takes anything of ours away. */
    SYSCTLS(Set.of(Subject.LINK, Subject.SYSCTL)),

    /** The events of addresses are here because with the last IPv4 address permanent neighbours go without an event (neigh_flush_dev). */
    NEIGHBOURS(Set.of(Subject.LINK, Subject.ADDRESS, Subject.NEIGHBOUR)),

    /** The kernel counts forwarding entries as neighbours. */
    FDB(Set.of(Subject.LINK, Subject.NEIGHBOUR)),

    /** The last: whatever a route leads to is there. */
    ROUTES(Set.of(Subject.LINK, Subject.ADDRESS, Subject.ROUTE));

    private final Set<Subject> events;

    NodeTable(Set<Subject> events) {
        this.events = events;
    }

    /** Whether what others did to a subject may have changed this table. */
    boolean isConcernedBy(Subject subject) {
        return events.contains(subject);
    }

    /** The tables that may lose entries when this one loses one, or has one replaced, be it by ourselves. */
    List<NodeTable> loseWithIt() {
        return List.of();
    }
}
