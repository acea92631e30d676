package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_INET;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_INET6;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.DEVCONF_ACCEPT_RA;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.DEVCONF_ACCEPT_REDIRECTS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.DEVCONF_DISABLE_IPV6;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_AF_SPEC;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INET6_CONF;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INET_CONF;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IPV4_DEVCONF_ACCEPT_REDIRECTS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IPV4_DEVCONF_ARP_IGNORE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IPV4_DEVCONF_FORWARDING;

import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.model.address.Family;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A setting that the kernel reports with the link (IFLA_AF_SPEC of RTM_NEWLINK), in an array of numbers for each family. A listing of 250
 * links takes the kernel 0.9 ms; to open the files of four settings of each takes 7 ms and more.
 */
enum ReportedSetting {
    IPV4_ACCEPT_REDIRECTS(Family.IPV4, "accept_redirects", IPV4_DEVCONF_ACCEPT_REDIRECTS - IPV4_DEVCONF_FORWARDING),
    IPV4_ARP_IGNORE(Family.IPV4, "arp_ignore", IPV4_DEVCONF_ARP_IGNORE - IPV4_DEVCONF_FORWARDING),
    IPV6_ACCEPT_RA(Family.IPV6, "accept_ra", DEVCONF_ACCEPT_RA),
    IPV6_ACCEPT_REDIRECTS(Family.IPV6, "accept_redirects", DEVCONF_ACCEPT_REDIRECTS),
    IPV6_DISABLE_IPV6(Family.IPV6, "disable_ipv6", DEVCONF_DISABLE_IPV6);

    private final Family family;
    private final String setting;
    private final int index;

    ReportedSetting(Family family, String setting, int index) {
        this.family = family;
        this.setting = setting;
        this.index = index;
    }

    /** What reports this setting; empty if only its file does. */
    static Optional<ReportedSetting> of(SysctlKey.OfLink key) {
        return Stream.of(values())
                .filter(one -> one.family == key.family() && one.setting.equals(key.name()))
                .findFirst();
    }

    /** The arrays of one link; empty for a family that the link does not have. */
    record Arrays(Optional<Attribute> ipv4, Optional<Attribute> ipv6) {

        /** The arrays among the attributes of a link. */
        static Arrays of(Attributes link) {
            Attributes families = link.nested(IFLA_AF_SPEC);
            return new Arrays(
                    families.nested(AF_INET).get(IFLA_INET_CONF),
                    families.nested(AF_INET6).get(IFLA_INET6_CONF));
        }
    }

    /** The value as its file says it; empty if the link does not have the family. */
    Optional<String> in(Arrays arrays) {
        Optional<Attribute> array = switch (family) {
            case IPV4 -> arrays.ipv4();
            case IPV6 -> arrays.ipv6();
        };
        return array.map(numbers -> String.valueOf(numbers.u32At(index)));
    }
}
