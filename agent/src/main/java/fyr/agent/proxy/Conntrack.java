package fyr.agent.proxy;

import java.time.Duration;

/**
 * {@code conntrack}: size and timeouts of the connection tracking table, with kube-proxy's defaults. A timeout of zero leaves the node's.
 *
 * @param maxPerCore tracked connections for each processor; 0 leaves the limit as it is
 * @param min the limit is not below this
 * @param tcpBeLiberal whether packets out of the window of their connection are accepted
 */
public record Conntrack(
        int maxPerCore,
        int min,
        Duration tcpEstablished,
        Duration tcpCloseWait,
        boolean tcpBeLiberal,
        Duration udp,
        Duration udpStream) {}
