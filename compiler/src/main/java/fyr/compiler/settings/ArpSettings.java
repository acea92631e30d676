package fyr.compiler.settings;

import fyr.compiler.feature.NodeIdentity;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.plan.KernelPlan;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;

/**
 * Settings of ARP (Documentation/networking/ip-sysctl.rst). Of {@code all} and the link's own the kernel takes the larger value, so these
 * never make a link less strict than its node.
 */
public final class ArpSettings {

    /** An answer only for addresses of the link that the question arrives on. */
    private static final String IGNORE = "1";

    /** Questions name an address of the link that they leave by, so that no neighbour learns another one from them. */
    private static final String ANNOUNCE = "2";

    private ArpSettings() {}

    /** Those of a node. */
    public static KernelPlan of(NodeIdentity node) {
        return switch (node.arp()) {
            case AS_IT_IS -> KernelPlan.empty();
            case STRICT_AT_UPLINK -> of(node.uplink().name());
            case STRICT -> of("all");
        };
    }

    private static KernelPlan of(String links) {
        return KernelPlan.empty()
                .with(
                        Tables.SYSCTLS,
                        PersistentMap.<SysctlKey, String>empty()
                                .with(SysctlKey.ofLink(Family.IPV4, links, "arp_ignore"), IGNORE)
                                .with(SysctlKey.ofLink(Family.IPV4, links, "arp_announce"), ANNOUNCE));
    }
}
