package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_NOARP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFF_UP;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_ADDRESS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_IFNAME;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_DATA;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_INFO_KIND;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_LINKINFO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_MTU;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFLA_NET_NS_FD;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWLINK;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.VETH_INFO_PEER;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.kernel.pod.PodLinks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Pods' links. The pair is created by one message with its far end in the pod's namespace, so nothing is ever moved or renamed. The node's
 * end gets no address of any kind, and before it is set up its settings keep the pod from configuring the node ({@link PodLink#settings}).
 * Reverse path filtering, even if strict, accepts packets from the pod's address, because the route to it leads back through the same link.
 */
public final class LinuxPodLinks implements PodLinks, AutoCloseable {

    private final NetlinkSocket making;
    private final NetlinkSocket watching;
    private final PodLinkRemoval removal;
    private final NetworkNamespace node;
    private final LinkSettings settings;
    private final Set<String> removing = ConcurrentHashMap.newKeySet();

    private LinuxPodLinks(NetworkNamespace node, NetlinkSocket making, NetlinkSocket watching, PodLinkRemoval removal) {
        this.node = node;
        this.settings = new LinkSettings(node);
        this.making = making;
        this.watching = watching;
        this.removal = removal;
    }

    /**
     * The pods of the node whose namespace the calling thread is in. Creating, removing and checking links use separate sockets: none waits
     * for another longer than the kernel requires.
     */
    public static LinuxPodLinks open() {
        Deque<AutoCloseable> opened = new ArrayDeque<>();
        try {
            NetworkNamespace node = NetworkNamespace.current();
            opened.push(node);
            NetlinkSocket making = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
            opened.push(making);
            NetlinkSocket watching = NetlinkSocket.open(Netlink.NETLINK_ROUTE);
            opened.push(watching);
            return new LinuxPodLinks(node, making, watching, new PodLinkRemoval());
        } catch (RuntimeException failure) {
            opened.forEach(LinuxPodLinks::close);
            throw failure;
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception impossible) {
            throw new AssertionError(impossible);
        }
    }

    /** The ports of the sockets through which links are changed, except for removals, for which the kernel never names a sender. */
    public Set<Integer> ports() {
        return Set.of(making.port(), watching.port());
    }

    @Override
    public PodEnd make(PodLink link) {
        requireOurs(link.hostName());
        try (NetworkNamespace namespace = NetworkNamespace.open(link.namespace())) {
            PodNamespace pod = PodNamespace.open(namespace);
            try {
                making.request(Request.of("RTM_NEWLINK " + link.hostName(), pair(link, namespace.descriptor())));
                up(link);
                return new MadeEnd(link, pod);
            } catch (RuntimeException failure) {
                pod.close();
                throw failure;
            }
        }
    }

    private record MadeEnd(PodLink link, PodNamespace pod) implements PodEnd {
        @Override
        public void configure() {
            pod.configure(link);
        }

        @Override
        public void close() {
            pod.close();
        }
    }

    private void up(PodLink link) {
        try {
            settings.write(link.settings());
            making.requests(List.of(LinkTable.withoutLinkLocal(link.hostName()), upWithoutArp(link.hostName())));
        } catch (RuntimeException failure) {
            undo(link.hostName(), failure);
            throw failure;
        }
    }

    /**
     * The node knows the pod's Ethernet address, so ARP from the pod can only do harm: it could fill the table that the whole node shares,
     * or change it. A device with IFF_NOARP drops it (arp_rcv in net/ipv4/arp.c). This is in the same message as up, because a change of
     * the flag drops the neighbours of the link (arp_netdev_event).
     */
    private static Request upWithoutArp(String hostName) {
        int flags = IFF_UP | IFF_NOARP;
        return Request.of(
                "RTM_NEWLINK " + hostName + " up arp off",
                Rtnetlink.link(RTM_NEWLINK, 0, 0, flags, flags).string(IFLA_IFNAME, hostName));
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
        removing.add(hostName);
        try {
            removal.remove(hostName);
        } finally {
            removing.remove(hostName);
        }
    }

    @Override
    public List<String> check(ExpectedPodLink expected) {
        PodLink link = expected.link();
        List<String> faults = new ArrayList<>(PodLinkCheck.end(
                KernelLink.named(making, link.hostName()),
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
        // Before the links are listed: after a removal that ends meanwhile, the pod is reported as detached.
        Set<String> beingRemoved = Set.copyOf(removing);
        SortedMap<String, Boolean> ends = new TreeMap<>();
        for (KernelLink link : KernelLink.all(watching)) {
            if (KernelLink.isPodLink(link.name())) {
                ends.put(link.name(), link.up() && !link.arp());
            }
        }
        beingRemoved.forEach(name -> ends.put(name, true));
        return ends;
    }

    @Override
    public Set<String> existing() {
        return KernelLink.all(watching).stream()
                .map(KernelLink::name)
                .filter(KernelLink::isPodLink)
                .collect(Collectors.toSet());
    }

    @Override
    public boolean setUp(String hostName) {
        requireOurs(hostName);
        if (removing.contains(hostName)) {
            return false;
        }
        try {
            watching.request(upWithoutArp(hostName));
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

    /** Waits for removals in progress. */
    @Override
    public void close() {
        removal.close();
        watching.close();
        making.close();
        node.close();
    }
}
