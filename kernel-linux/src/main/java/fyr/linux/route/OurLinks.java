package fyr.linux.route;

import static fyr.linux.rtnetlink.Rtnetlink.RTM_DELLINK;

import fyr.linux.netlink.Message;
import fyr.linux.netlink.NetlinkSocket;
import java.util.HashSet;
import java.util.Set;

/** The indexes of links whose names begin with {@code fyr}, kept up to date by events: messages of neighbours name a link by its index only. */
final class OurLinks {

    private final NetlinkSocket socket;
    private final Set<Integer> indexes = new HashSet<>();

    /** None yet; the links of the socket's namespace are known after {@link #read}. */
    OurLinks(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Looks which there are. */
    void read() {
        indexes.clear();
        KernelLink.all(socket).forEach(this::add);
    }

    private void add(KernelLink link) {
        if (KernelLink.isOurs(link.name())) {
            indexes.add(link.index());
        } else {
            indexes.remove(link.index());
        }
    }

    /** Follows RTM_NEWLINK, which also tells of a new name, and RTM_DELLINK. */
    void note(Message message, KernelLink link) {
        if (message.type() == RTM_DELLINK) {
            indexes.remove(link.index());
        } else {
            add(link);
        }
    }

    boolean contains(int index) {
        return indexes.contains(index);
    }
}
