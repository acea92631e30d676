package fyr.kernel.linux.route;

import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELLINK;

import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The links whose names begin with {@code fyr}, kept up to date by events: messages of neighbours name a link by its index only. */
final class OurLinks {

    private final NetlinkSocket socket;
    private final Map<Integer, String> names = new HashMap<>();
    private final Set<Integer> up = new HashSet<>();

    /** None yet; the links of the socket's namespace are known after {@link #read}. */
    OurLinks(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Looks which there are. */
    void read() {
        names.clear();
        up.clear();
        KernelLink.all(socket).forEach(this::add);
    }

    private void add(KernelLink link) {
        if (KernelLink.isOurs(link.name())) {
            names.put(link.index(), link.name());
            if (link.up()) {
                up.add(link.index());
            } else {
                up.remove(link.index());
            }
        } else {
            names.remove(link.index());
        }
    }

    /** Follows RTM_NEWLINK, which also reports a new name, and RTM_DELLINK. */
    void note(Message message, KernelLink link) {
        if (message.type() == RTM_DELLINK) {
            names.remove(link.index());
        } else {
            add(link);
        }
    }

    boolean contains(int index) {
        return names.containsKey(index);
    }

    /** The name of a link of ours; empty if it is not one. */
    Optional<String> name(int index) {
        return Optional.ofNullable(names.get(index));
    }

    /**
     * Whether a link is the node's end of a pod's link and is down, or not up yet. The kernel reports that it goes down before what is
     * removed with it (dev_close_many and __dev_notify_flags in net/core/dev.c), also when it is deleted.
     */
    boolean isPodLinkDown(int index) {
        return KernelLink.isPodLink(names.getOrDefault(index, "")) && !up.contains(index);
    }
}
