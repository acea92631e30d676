package fyr.compiler.feature;

import java.util.Locale;

/** How a node carries Services out. */
public enum ServiceMode {
    /** Maps of nf_tables, whose lookups cost the same whatever the number of Services. */
    NFTABLES,
    /** The chains of kube-proxy's mode of this name, which cost more with each Service. */
    IPTABLES,
    /** Virtual servers of IPVS, whose lookups cost the same whatever the number of Services, and schedulers of its own. */
    IPVS;

    /** Its name in options, which is kube-proxy's. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
