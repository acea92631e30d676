package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_INET6;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_UP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_ADDRESS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_AF_SPEC;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_IFNAME;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INET6_ADDR_GEN_MODE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_DATA;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_KIND;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_LINKINFO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_MTU;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_GROUP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_GROUP6;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_ID;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_LEARNING;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_LINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_LOCAL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_LOCAL6;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_VXLAN_PORT;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IN6_ADDR_GEN_MODE_NONE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWLINK;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.link.Link;
import fyr.kernel.link.UntrustedLink;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Links whose names begin with {@code fyr-}. Properties of an existing link that can be changed (name, MTU, Ethernet address, up) are
 * changed; for anything else the link is deleted and created again, and its addresses, routes and neighbours are removed with it.
 */
public final class LinkTable implements KernelTable<String, Link> {

    private static final Set<Errno> ABSENT = Set.of(Errno.ENODEV);

    private final NetlinkSocket socket;
    private final LinkSettings settings;

    /** The links of the socket's namespace, which must stay open. */
    public LinkTable(NetlinkSocket socket, NetworkNamespace namespace) {
        this.socket = socket;
        this.settings = new LinkSettings(namespace);
    }

    @Override
    public TableId<String, Link> id() {
        return Tables.LINKS;
    }

    @Override
    public SortedMap<String, Link> list() {
        SortedMap<String, Link> links = new TreeMap<>();
        for (KernelLink link : KernelLink.all(socket)) {
            if (KernelLink.isNodeLink(link.name())) {
                links.put(link.name(), read(link));
            }
        }
        return links;
    }

    @Override
    public void apply(Delta<String, Link> delta) {
        Failures failures = new Failures();
        delta.deletes().forEach(name -> failures.attempt(() -> delete(name)));
        delta.upserts().forEach((name, link) -> {
            switch (link) {
                case Link.Vxlan vxlan -> failures.attempt(() -> put(name, vxlan));
                case Link.Foreign foreign -> throw new IllegalArgumentException(name + ": nobody can plan " + foreign);
            }
        });
        failures.throwFirst();
    }

    private void delete(String name) {
        socket.request(new Request(
                "RTM_DELLINK " + name, Rtnetlink.link(RTM_DELLINK, 0, 0, 0, 0).string(IFLA_IFNAME, name), ABSENT));
    }

    private void put(String name, Link.Vxlan wanted) {
        Optional<Link.Vxlan> existing = tunnel(name, wanted);
        if (existing.isEmpty()) {
            delete(name);
            takeBack(name, wanted);
            existing = tunnel(name, wanted);
        }
        if (existing.isEmpty()) {
            delete(name);
            socket.request(Request.of("RTM_NEWLINK " + name, creation(name, wanted)));
        } else if (!existing.get().equals(wanted)) {
            socket.request(Request.of("RTM_NEWLINK " + name, change(name, existing.get(), wanted)));
        }
        settings.write(UntrustedLink.settingsOfTunnel(name));
        socket.requests(List.of(withoutLinkLocal(name), up(name)));
    }

    /** The link of this name, if what cannot be changed about it is as wanted. */
    private Optional<Link.Vxlan> tunnel(String name, Link.Vxlan wanted) {
        return KernelLink.named(socket, name).flatMap(LinkTable::vxlan).filter(is -> sameTunnel(is, wanted));
    }

    /**
     * Gives a tunnel of ours its name back if somebody has renamed it. The kernel has only one with this VNI and port. Whether that is ours
     * is known by its Ethernet address, which is derived from the node's name. It is set down, because older kernels do not rename a link
     * that is up (dev_change_name in net/core/dev.c).
     */
    private void takeBack(String name, Link.Vxlan wanted) {
        for (KernelLink link : KernelLink.all(socket)) {
            if (isRenamed(link, wanted)) {
                String operation = "RTM_NEWLINK " + link.name();
                socket.requests(List.of(
                        Request.of(operation + " down", Rtnetlink.link(RTM_NEWLINK, 0, link.index(), 0, IFF_UP)),
                        Request.of(
                                operation + " name " + name,
                                Rtnetlink.link(RTM_NEWLINK, 0, link.index(), 0, 0)
                                        .string(IFLA_IFNAME, name))));
            }
        }
    }

    private static boolean isRenamed(KernelLink link, Link.Vxlan wanted) {
        return link.kind().equals("vxlan")
                && link.data().u32(IFLA_VXLAN_ID).orElse(0) == wanted.vni()
                && link.data().be16(IFLA_VXLAN_PORT).orElse(0) == wanted.port()
                && link.mac().equals(Optional.of(wanted.mac()));
    }

    private static boolean sameTunnel(Link.Vxlan a, Link.Vxlan b) {
        return a.vni() == b.vni() && a.port() == b.port() && a.local().equals(b.local());
    }

    static MessageWriter creation(String name, Link.Vxlan link) {
        return Rtnetlink.link(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0, 0)
                .string(IFLA_IFNAME, name)
                .u32(IFLA_MTU, link.mtu())
                .bytes(IFLA_ADDRESS, link.mac().toBytes())
                .nested(
                        IFLA_LINKINFO,
                        info -> info.string(IFLA_INFO_KIND, "vxlan")
                                .nested(
                                        IFLA_INFO_DATA,
                                        data -> data.u32(IFLA_VXLAN_ID, link.vni())
                                                .bytes(
                                                        local(link.local()),
                                                        link.local().toBytes())
                                                .u8(IFLA_VXLAN_LEARNING, 0)
                                                .be16(IFLA_VXLAN_PORT, link.port())));
    }

    /** An Ethernet address is written only if it differs: even the same one removes all neighbours of the link (neigh_changeaddr). */
    private static MessageWriter change(String name, Link.Vxlan existing, Link.Vxlan wanted) {
        MessageWriter message = Rtnetlink.link(RTM_NEWLINK, 0, 0, 0, 0)
                .string(IFLA_IFNAME, name)
                .u32(IFLA_MTU, wanted.mtu());
        return existing.mac().equals(wanted.mac())
                ? message
                : message.bytes(IFLA_ADDRESS, wanted.mac().toBytes());
    }

    private static int local(IpAddress address) {
        return switch (address.family()) {
            case IPV4 -> IFLA_VXLAN_LOCAL;
            case IPV6 -> IFLA_VXLAN_LOCAL6;
        };
    }

    /**
     * No link-local address when the link goes up, and therefore no neighbour discovery either. This needs a separate message, because a
     * creation ignores IFLA_AF_SPEC, and a change sets the link up first (rtnl_newlink_create and do_setlink in net/core/rtnetlink.c).
     * There is nothing to do if the link has no IPv6 (disabled, or an MTU below 1280).
     */
    static Request withoutLinkLocal(String name) {
        MessageWriter message = Rtnetlink.link(RTM_NEWLINK, 0, 0, 0, 0)
                .string(IFLA_IFNAME, name)
                .nested(
                        IFLA_AF_SPEC,
                        families -> families.nested(
                                AF_INET6, inet6 -> inet6.u8(IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE)));
        return new Request("RTM_NEWLINK " + name + " addrgenmode none", message, Set.of(Errno.EAFNOSUPPORT));
    }

    static Request up(String name) {
        return Request.of(
                "RTM_NEWLINK " + name + " up",
                Rtnetlink.link(RTM_NEWLINK, 0, 0, IFF_UP, IFF_UP).string(IFLA_IFNAME, name));
    }

    static Link read(KernelLink link) {
        Optional<Link.Vxlan> vxlan = vxlan(link);
        if (vxlan.isPresent() && link.up()) {
            return vxlan.get();
        }
        return new Link.Foreign((link.kind().isEmpty() ? "no kind" : link.kind()) + (link.up() ? "" : ", down"));
    }

    /** The link as one of ours, if everything except its being up is as we make it. */
    private static Optional<Link.Vxlan> vxlan(KernelLink link) {
        Attributes data = link.data();
        boolean plain = link.kind().equals("vxlan")
                && !link.enslaved()
                && data.u8(IFLA_VXLAN_LEARNING).orElse(1) == 0
                && !data.has(IFLA_VXLAN_GROUP)
                && !data.has(IFLA_VXLAN_GROUP6)
                && data.u32(IFLA_VXLAN_LINK).orElse(0) == 0;
        Optional<IpAddress> local = data.address(IFLA_VXLAN_LOCAL).or(() -> data.address(IFLA_VXLAN_LOCAL6));
        if (!plain || local.isEmpty() || link.mac().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Link.Vxlan(
                data.u32(IFLA_VXLAN_ID).orElse(0),
                data.be16(IFLA_VXLAN_PORT).orElse(0),
                local.get(),
                link.mac().get(),
                link.mtu()));
    }
}
