package fyr.linux.route;

import static fyr.linux.rtnetlink.Rtnetlink.RTM_DELLINK;

import fyr.linux.netlink.Message;
import fyr.linux.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.Map;

/** The links whose names begin with {@code fyr}, kept up to date by events: messages of neighbours name a link by its index only. */
final class OurLinks {

    private final NetlinkSocket socket;
    private final Map<Integer, String> names = new HashMap<>();

    /** None yet; the links of the socket's namespace are known after {@link #read}. */
    OurLinks(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Looks which there are. */
    void read() {
        names.clear();
        KernelLink.all(socket).forEach(this::add);
    }

    private void add(KernelLink link) {
        if (KernelLink.isOurs(link.name())) {
            names.put(link.index(), link.name());
        } else {
            names.remove(link.index());
        }
    }

    /** Follows RTM_NEWLINK, which also tells of a new name, and RTM_DELLINK. */
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

    /** Whether a link is the node's end of a pod's. */
    boolean isPodLink(int index) {
        return KernelLink.isPodLink(names.getOrDefault(index, ""));
    }
}
