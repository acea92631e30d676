package fyr.dns.server;

import java.time.Duration;

/**
 * What clients may take up over TCP (RFC 7766 sections 6.2.2, 6.2.3 and 10).
 *
 * @param connectionsOfClient from one address, so that one pod cannot take all
 * @param idle between two messages
 * @param message from the first byte of a message to its last, and for the client to take an answer
 * @param turn for a query to be forwarded, if too many are; the client, which does not ask again, then sees its connection end
 * @param pipelined queries of one connection that are forwarded at the same time; more are not read meanwhile
 */
record TcpLimits(
        int connections, int connectionsOfClient, Duration idle, Duration message, Duration turn, int pipelined) {

    static final TcpLimits STANDARD =
            new TcpLimits(512, 64, Duration.ofSeconds(10), Duration.ofSeconds(3), Duration.ofSeconds(5), 32);
}
