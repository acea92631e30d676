package fyr.linux.route;

import static fyr.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.linux.route.Rtnetlink.IFLA_ADDRESS;
import static fyr.linux.route.Rtnetlink.IFLA_IFNAME;
import static fyr.linux.route.Rtnetlink.IFLA_INFO_DATA;
import static fyr.linux.route.Rtnetlink.IFLA_INFO_KIND;
import static fyr.linux.route.Rtnetlink.IFLA_LINKINFO;
import static fyr.linux.route.Rtnetlink.IFLA_MTU;
import static fyr.linux.route.Rtnetlink.IFLA_NET_NS_FD;
import static fyr.linux.route.Rtnetlink.RTM_DELLINK;
import static fyr.linux.route.Rtnetlink.RTM_NEWLINK;
import static fyr.linux.route.Rtnetlink.VETH_INFO_PEER;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.kernel.pod.PodLinks;
import fyr.linux.namespace.NetworkNamespace;
import fyr.linux.netlink.MessageWriter;
import fyr.linux.netlink.NetlinkSocket;
import fyr.linux.netlink.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Pods' links. The pair is made by one message with its far end in the pod's namespace, so nothing is ever moved or renamed. The node's end
 * gets no address of any kind and needs no setting of its own: forwarding is the node's, and reverse path filtering, even if strict, passes
 * what comes from the pod's address, since the route to it leads back by the same link.
 */
public final class LinuxPodLinks implements PodLinks {

    private final NetlinkSocket socket;

    /** The pods of the node whose namespace the socket belongs to. */
    public LinuxPodLinks(NetlinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public void create(PodLink link) {
        requireOurs(link.hostName());
        try (NetworkNamespace namespace = NetworkNamespace.open(link.namespace());
                PodNamespace pod = PodNamespace.open(namespace)) {
            socket.request(Request.of("RTM_NEWLINK " + link.hostName(), pair(link, namespace.descriptor())));
            try {
                socket.requests(List.of(LinkTable.withoutLinkLocal(link.hostName()), LinkTable.up(link.hostName())));
                pod.configure(link);
            } catch (RuntimeException failure) {
                undo(link.hostName(), failure);
                throw failure;
            }
        }
    }

    private void undo(String hostName, RuntimeException failure) {
        try {
            delete(hostName);
        } catch (KernelException second) {
            failure.addSuppressed(second);
        }
    }

    static MessageWriter pair(PodLink link, int namespace) {
        return Rtnetlink.link(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, 0, 0, 0)
                .string(IFLA_IFNAME, link.hostName())
                .u32(IFLA_MTU, link.mtu())
                .bytes(IFLA_ADDRESS, link.hostMac().toBytes())
                .nested(
                        IFLA_LINKINFO,
                        info -> info.string(IFLA_INFO_KIND, "veth")
                                .nested(
                                        IFLA_INFO_DATA,
                                        data -> data.nested(VETH_INFO_PEER, peer -> peer(peer, link, namespace))));
    }

    private static void peer(MessageWriter peer, PodLink link, int namespace) {
        Rtnetlink.ifinfo(peer, 0, 0, 0)
                .string(IFLA_IFNAME, link.podName())
                .u32(IFLA_MTU, link.mtu())
                .bytes(IFLA_ADDRESS, link.podMac().toBytes())
                .u32(IFLA_NET_NS_FD, namespace);
    }

    @Override
    public void delete(String hostName) {
        requireOurs(hostName);
        MessageWriter message = Rtnetlink.link(RTM_DELLINK, 0, 0, 0, 0).string(IFLA_IFNAME, hostName);
        socket.request(new Request("RTM_DELLINK " + hostName, message, Set.of(Errno.ENODEV)));
    }

    @Override
    public List<String> check(ExpectedPodLink expected) {
        PodLink link = expected.link();
        List<String> faults = new ArrayList<>(PodLinkCheck.end(
                KernelLink.named(socket, link.hostName()),
                link.hostName(),
                Optional.of(link.hostMac()),
                OptionalInt.of(link.mtu())));
        try (NetworkNamespace namespace = NetworkNamespace.open(link.namespace());
                PodNamespace pod = PodNamespace.open(namespace)) {
            faults.addAll(pod.check(expected));
        } catch (KernelException refused) {
            // EINVAL: the file is there, but the namespace is no longer mounted on it.
            if (!refused.errno().equals(Errno.ENOENT) && !refused.errno().equals(Errno.EINVAL)) {
                throw refused;
            }
            faults.add("network namespace " + link.namespace() + " is missing");
        }
        return List.copyOf(faults);
    }

    @Override
    public SortedMap<String, Boolean> hostEnds() {
        SortedMap<String, Boolean> ends = new TreeMap<>();
        for (KernelLink link : KernelLink.all(socket)) {
            if (KernelLink.isPodLink(link.name())) {
                ends.put(link.name(), link.up());
            }
        }
        return ends;
    }

    @Override
    public boolean setUp(String hostName) {
        requireOurs(hostName);
        try {
            socket.request(LinkTable.up(hostName));
            return true;
        } catch (KernelException refused) {
            if (refused.errno().equals(Errno.ENODEV)) {
                return false;
            }
            throw refused;
        }
    }

    private static void requireOurs(String hostName) {
        if (!KernelLink.isPodLink(hostName)) {
            throw new IllegalArgumentException(
                    "not the name of a pod's link, which begins with 'fyr' and no hyphen: " + hostName);
        }
    }
}
