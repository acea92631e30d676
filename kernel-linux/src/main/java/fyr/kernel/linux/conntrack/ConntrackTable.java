package fyr.kernel.linux.conntrack;

import fyr.kernel.Errno;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.kernel.linux.conntrack.ConntrackMessages.Found;
import fyr.kernel.linux.conntrack.ConntrackMessages.Place;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The connection tracking table of one network namespace (zone 0). Safe on any platform thread. Flows of addresses, which an ADD waits for,
 * numbers and samples have their own sockets, so that they do not wait while the flows of services are read.
 */
public final class ConntrackTable implements Conntrack, AutoCloseable {

    /** With more addresses than this, the kernel would walk longer than it takes to list everything. */
    private static final int SEARCHED_MAX = 8;
    /** The same in a table with fewer entries than this for each address. */
    private static final int SEARCHED_ENTRIES = 4_500;

    private final NetlinkSocket flows;
    private final NetlinkSocket addresses;
    private final NetlinkSocket numbers;
    private final NetlinkSocket samples;

    private ConntrackTable(NetlinkSocket flows, NetlinkSocket addresses, NetlinkSocket numbers, NetlinkSocket samples) {
        this.flows = flows;
        this.addresses = addresses;
        this.numbers = numbers;
        this.samples = samples;
    }

    /** Opens the table of the calling thread's network namespace. */
    public static ConntrackTable open() {
        NetlinkSocket[] sockets = new NetlinkSocket[4];
        try {
            for (int i = 0; i < sockets.length; i++) {
                sockets[i] = NetlinkSocket.open(Netlink.NETLINK_NETFILTER);
            }
        } catch (RuntimeException failure) {
            for (int i = 0; i < sockets.length && sockets[i] != null; i++) {
                sockets[i].close();
            }
            throw failure;
        }
        return new ConntrackTable(sockets[0], sockets[1], sockets[2], sockets[3]);
    }

    @Override
    public int delete(int protocol, Predicate<ConntrackEntry> which) {
        int deleted = 0;
        for (Family family : Family.values()) {
            // Kernels before 5.8 list all protocols.
            deleted += delete(
                    flows,
                    ConntrackMessages.list(family, protocol),
                    entry -> entry.original().protocol() == protocol && which.test(entry));
        }
        return deleted;
    }

    @Override
    public List<ConntrackEntry> find(int protocol, Predicate<ConntrackEntry> which) {
        List<ConntrackEntry> entries = new ArrayList<>();
        for (Family family : Family.values()) {
            entries.addAll(flows.dump(
                    "IPCTNL_MSG_CT_GET",
                    ConntrackMessages.list(family, protocol),
                    message -> ConntrackMessages.read(message)
                            .map(Found::entry)
                            .filter(entry -> entry.original().protocol() == protocol
                                    && entry.original().source().family() == family
                                    && which.test(entry))));
        }
        return entries;
    }

    @Override
    public int deleteUnreplied(Duration patience, Predicate<ConntrackEntry> which) {
        Set<ConntrackEntry> waiting = new HashSet<>(flows.dump(
                "IPCTNL_MSG_CT_GET",
                ConntrackMessages.listUnreplied(),
                message -> ConntrackMessages.read(message)
                        .map(Found::entry)
                        .filter(entry -> !entry.replied() && which.test(entry))));
        if (waiting.isEmpty()) {
            return 0;
        }
        try {
            Thread.sleep(patience);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return 0;
        }
        return delete(flows, ConntrackMessages.listUnreplied(), waiting::contains);
    }

    /**
     * The kernel can search for addresses itself, but only for one address in one position of an entry in each walk; a pod of two families
     * needs eight walks. A walk takes 35 ns for each bucket, of which there are 262,144 on most machines, and 250 ns for each entry;
     * listing an entry and reading it here takes 10 us. So searching is better in a large table for few addresses, and listing otherwise.
     */
    @Override
    public int deleteOf(Set<IpAddress> these) {
        boolean few = these.size() <= SEARCHED_MAX && use().entries() > (long) these.size() * SEARCHED_ENTRIES;
        return few ? deleteSearched(these) : deleteListed(these);
    }

    /** Makes the kernel search for each address. */
    int deleteSearched(Set<IpAddress> these) {
        int deleted = 0;
        for (IpAddress address : these) {
            for (Place place : Place.values()) {
                deleted += delete(addresses, ConntrackMessages.list(address, place), entry -> concerns(entry, these));
            }
        }
        return deleted;
    }

    /** Reads everything in one walk. */
    int deleteListed(Set<IpAddress> these) {
        return delete(addresses, ConntrackMessages.list(), entry -> concerns(entry, these));
    }

    private static boolean concerns(ConntrackEntry entry, Set<IpAddress> these) {
        return these.contains(entry.original().source())
                || these.contains(entry.reply().source())
                || these.contains(entry.original().destination())
                || these.contains(entry.reply().destination());
    }

    /** Of a million flows only those that match are kept in memory: the others are skipped as the kernel lists them. */
    private static int delete(NetlinkSocket socket, MessageWriter listing, Predicate<ConntrackEntry> which) {
        List<Request> requests = socket.dump(
                "IPCTNL_MSG_CT_GET",
                listing,
                message -> ConntrackMessages.read(message)
                        .filter(found -> which.test(found.entry()))
                        .map(ConntrackTable::deletion));
        socket.requests(requests);
        return requests.size();
    }

    private static Request deletion(Found found) {
        return new Request(
                "IPCTNL_MSG_CT_DELETE " + found.entry().original(),
                ConntrackMessages.delete(found),
                Set.of(Errno.ENOENT));
    }

    /** What is left of the listing is read, and not parsed, before the next sample. */
    @Override
    public void sample(int most, Consumer<ConntrackEntry> each) {
        int[] read = {0};
        synchronized (samples) {
            NetlinkSocket.Listing listing = samples.begin("IPCTNL_MSG_CT_GET", ConntrackMessages.list());
            boolean more = true;
            while (more && read[0] < most) {
                more = listing.next(message -> ConntrackMessages.read(message).ifPresent(found -> {
                    read[0]++;
                    each.accept(found.entry());
                }));
            }
        }
    }

    @Override
    public ConntrackUse use() {
        ConntrackUse sum = numbers.get(Request.of("IPCTNL_MSG_CT_GET_STATS", ConntrackMessages.total()))
                .map(ConntrackMessages::readTotal)
                .orElseThrow();
        List<ConntrackUse> processors = numbers.dump(
                "IPCTNL_MSG_CT_GET_STATS_CPU",
                ConntrackMessages.counters(),
                message -> java.util.Optional.of(ConntrackMessages.readCounters(message)));
        for (ConntrackUse one : processors) {
            sum = new ConntrackUse(
                    sum.entries(),
                    sum.max(),
                    sum.insertFailed() + one.insertFailed(),
                    sum.drop() + one.drop(),
                    sum.earlyDrop() + one.earlyDrop());
        }
        return sum;
    }

    @Override
    public void close() {
        flows.close();
        addresses.close();
        numbers.close();
        samples.close();
    }
}
