package fyr.agent.proxy;

/** {@code mode}: how Services are carried out. */
public enum ProxyMode {
    IPTABLES("iptables"),
    IPVS("ipvs"),
    NFTABLES("nftables");

    private final String section;

    ProxyMode(String section) {
        this.section = section;
    }

    /** Its name in the configuration, which is also that of its section. */
    public String section() {
        return section;
    }
}
