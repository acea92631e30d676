package fyr.kernel.linux.nft;

import fyr.model.address.Family;
import java.util.Optional;

/** Address families in struct nfgenmsg. */
final class Families {

    private Families() {}

    static int toKernel(Family family) {
        return switch (family) {
            case IPV4 -> NfTables.NFPROTO_IPV4;
            case IPV6 -> NfTables.NFPROTO_IPV6;
        };
    }

    /** Empty for families of which Fyr has no table (inet, arp, bridge, netdev). */
    static Optional<Family> fromKernel(int family) {
        return switch (family) {
            case NfTables.NFPROTO_IPV4 -> Optional.of(Family.IPV4);
            case NfTables.NFPROTO_IPV6 -> Optional.of(Family.IPV6);
            default -> Optional.empty();
        };
    }
}
