package fyr.kernel.ipvs;

/** After how much silence IPVS forgets connections of a kind. */
public enum IpvsTimeout {
    /** TCP connections that neither end has closed. */
    TCP,
    /** TCP connections that one end has closed. */
    TCP_FIN,
    /** Flows of UDP. */
    UDP
}
