package fyr.linux.conntrack;

import fyr.kernel.Errno;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.linux.conntrack.ConntrackMessages.Found;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkSocket;
import fyr.linux.netlink.Request;
import fyr.model.address.Family;
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

    /** Of a million flows only those that pass are kept in memory: the others go by as the kernel lists them. */
    @Override
    public int delete(int protocol, Predicate<ConntrackEntry> which) {
        int deleted = 0;
        for (Family family : Family.values()) {
            List<Request> requests = socket.dump(
                    "IPCTNL_MSG_CT_GET",
                    ConntrackMessages.list(family, protocol),
                    message -> ConntrackMessages.read(message)
                            // Kernels before 5.8 list all protocols.
                            .filter(found ->
                                    found.entry().original().protocol() == protocol && which.test(found.entry()))
                            .map(ConntrackTable::deletion));
            socket.requests(requests);
            deleted += requests.size();
        }
        return deleted;
    }

    private static Request deletion(Found found) {
        return new Request(
                "IPCTNL_MSG_CT_DELETE " + found.entry().original(),
                ConntrackMessages.delete(found),
                Set.of(Errno.ENOENT));
    }

    @Override
    public void close() {
        socket.close();
    }
}
