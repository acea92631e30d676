package fyr.kernel.nft;

/**
 * Where a base chain is called.
 *
 * @param priority lower is earlier; -300 raw, -200 conntrack, -100 dstnat, 0 filter, 100 srcnat
 * @param drop whether the chain's policy is drop instead of accept
 */
public record NftHook(Type type, Point point, int priority, boolean drop) {

    /** The kind of base chain. */
    public enum Type {
        FILTER,
        NAT,
        ROUTE
    }

    /** The netfilter hooks of the IP families, in the kernel's numbering (NF_INET_PRE_ROUTING is 0). */
    public enum Point {
        PREROUTING,
        INPUT,
        FORWARD,
        OUTPUT,
        POSTROUTING
    }
}
