package fyr.kernel.link;

/** How an address is set: its prefix length. IPv6 addresses of ours skip duplicate address detection (IFA_F_NODAD). */
public record InterfaceAddress(int prefixLength) {}
