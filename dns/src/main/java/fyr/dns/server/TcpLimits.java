package fyr.dns.server;

import java.time.Duration;

/**
 * What clients may use over TCP (RFC 7766 sections 6.2.2, 6.2.3 and 10).
 *
 * @param connectionsOfClient from one address, so that one pod cannot take all
 * @param idle between two messages
 * @param message from the first byte of a message to its last, and for the client to take an answer
 * @param turn for a query to be forwarded, if too many are; the connection of the client, which does not repeat its query, is then closed
 * @param pipelined queries of one connection that are forwarded at the same time; more are not read meanwhile
 * @param perSecond queries of one client, over all its connections; more are read later
 * @param burst queries of one client that may come at once
 */
record TcpLimits(
        int connections,
        int connectionsOfClient,
        Duration idle,
        Duration message,
        Duration turn,
        int pipelined,
        int perSecond,
        int burst) {

    /** The rate is the one that packet rules enforce over UDP (fyr.compiler.dns.DnsLimit). */
    static final TcpLimits STANDARD = new TcpLimits(
            512, 64, Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(5), 32, 5000, 1000);
}
