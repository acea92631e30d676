package fyr.bgp.interop;

import java.util.Set;

/**
 * One path that a router knows from a session, as its own output has it.
 *
 * @param asPath numbers with blanks between them
 * @param nextHops the one of the attribute; the link-local one, too, if it was told
 * @param communities as 1:2
 * @param large as 1:2:3
 * @param targets route targets, as 1:2
 * @param originator empty if the path was not reflected
 * @param clusters with blanks between them
 * @param onlyToCustomer the number in OTC; empty if there is none, or the router does not know roles
 */
record Heard(
        String asPath,
        Set<String> nextHops,
        Set<String> communities,
        Set<String> large,
        Set<String> targets,
        String originator,
        String clusters,
        String onlyToCustomer) {}
