package fyr.compiler.feature;

/** For which of its addresses a node answers ARP. NDP is always strict: a link answers for its own addresses (ndisc_recv_ns in net/ipv6/ndisc.c). */
public enum ArpAnswers {
    /** As the node is set: by default every link answers for the addresses of all. */
    AS_IT_IS,
    /** The uplink answers for its own addresses only, so that others may announce an address that another link of this node has. */
    STRICT_AT_UPLINK,
    /** Every link answers for its own addresses only (strictARP of kube-proxy). */
    STRICT
}
