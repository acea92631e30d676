package fyr.linux.conntrack;

import fyr.kernel.Errno;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.linux.conntrack.ConntrackMessages.Found;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkSocket;
import fyr.linux.netlink.Request;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** The connection tracking table of one network namespace (zone 0). Safe on any platform thread. */
public final class ConntrackTable implements Conntrack, AutoCloseable {

    private final NetlinkSocket socket;

    private ConntrackTable(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens the table of the calling thread's network namespace. */
    public static ConntrackTable open() {
        return new ConntrackTable(NetlinkSocket.open(Netlink.NETLINK_NETFILTER));
    }

    @Override
    public List<ConntrackEntry> list(int protocol) {
        return find(protocol).stream().map(Found::entry).toList();
    }

    @Override
    public int delete(int protocol, Predicate<ConntrackEntry> which) {
        List<Request> requests = find(protocol).stream()
                .filter(found -> which.test(found.entry()))
                .map(found -> new Request(
                        "IPCTNL_MSG_CT_DELETE " + found.entry().original(),
                        ConntrackMessages.delete(found),
                        Set.of(Errno.ENOENT)))
                .toList();
        socket.requests(requests);
        return requests.size();
    }

    private List<Found> find(int protocol) {
        List<Found> all = new ArrayList<>();
        for (Family family : Family.values()) {
            all.addAll(socket.dump(
                    "IPCTNL_MSG_CT_GET", ConntrackMessages.list(family, protocol), ConntrackMessages::read));
        }
        all.removeIf(found -> found.entry().original().protocol() != protocol);
        return all;
    }

    @Override
    public void close() {
        socket.close();
    }
}
