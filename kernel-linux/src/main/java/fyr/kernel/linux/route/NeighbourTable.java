package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_REPLACE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_UNSPEC;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_DST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_LLADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NUD_PERMANENT;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELNEIGH;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_GETNEIGH;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWNEIGH;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Permanent neighbours on links whose names begin with {@code fyr}; neighbours that the kernel learns by itself are never listed. */
public final class NeighbourTable implements KernelTable<NeighbourKey, Neighbour> {

    private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ENODEV);

    private final NetlinkSocket socket;

    /** What this table set or found. The thread that reads events uses it, too. */
    private final Set<NeighbourKey> kept = ConcurrentHashMap.newKeySet();

    /** The neighbours of the socket's namespace. */
    public NeighbourTable(NetlinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public TableId<NeighbourKey, Neighbour> id() {
        return Tables.NEIGHBOURS;
    }

    @Override
    public SortedMap<NeighbourKey, Neighbour> list() {
        Map<Integer, String> names = LinkIndexes.names(socket);
        SortedMap<NeighbourKey, Neighbour> neighbours = new TreeMap<>();
        for (Entry entry : entries(socket)) {
            String link = names.getOrDefault(entry.link(), "");
            if (KernelLink.isOurs(link)) {
                neighbours.put(new NeighbourKey(link, entry.address()), new Neighbour(entry.mac()));
            }
        }
        kept.addAll(neighbours.keySet());
        return neighbours;
    }

    /** Whether this table keeps a neighbour of this name. Safe on any thread. */
    boolean keeps(NeighbourKey key) {
        return kept.contains(key);
    }

    /** A permanent neighbour of any link. */
    record Entry(int link, IpAddress address, MacAddress mac) {}

    static List<Entry> entries(NetlinkSocket socket) {
        return socket.dump(
                "RTM_GETNEIGH", Rtnetlink.neighbour(RTM_GETNEIGH, 0, AF_UNSPEC, 0, 0, 0), NeighbourTable::read);
    }

    static Optional<Entry> read(Message message) {
        if (!Rtnetlink.isInternet(message.u8(0))) {
            return Optional.empty();
        }
        Attributes attributes = message.attributes(Rtnetlink.NDMSG);
        Optional<IpAddress> address = attributes.address(NDA_DST);
        Optional<byte[]> mac = attributes.bytes(NDA_LLADDR).filter(bytes -> bytes.length == 6);
        if ((message.u16(8) & NUD_PERMANENT) == 0 || address.isEmpty() || mac.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Entry(message.u32(4), address.get(), MacAddress.of(mac.get())));
    }

    @Override
    public void apply(Delta<NeighbourKey, Neighbour> delta) {
        LinkIndexes links = new LinkIndexes(socket);
        List<Request> requests = new ArrayList<>();
        Failures failures = new Failures();
        kept.removeAll(delta.deletes());
        kept.addAll(delta.upserts().keySet());
        for (NeighbourKey key : delta.deletes()) {
            OptionalInt link = links.find(key.link());
            if (link.isPresent()) {
                requests.add(deletion(key, link.getAsInt()));
            }
        }
        delta.upserts()
                .forEach((key, value) -> failures.attempt(() ->
                        requests.add(addition(key, value.mac(), links.require(key.link(), "RTM_NEWNEIGH " + key)))));
        socket.requests(requests, failures);
        failures.throwFirst();
    }

    static Request addition(NeighbourKey key, MacAddress mac, int link) {
        int family = Rtnetlink.addressFamily(key.address());
        return Request.of(
                "RTM_NEWNEIGH " + key,
                Rtnetlink.neighbour(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, family, link, NUD_PERMANENT, 0)
                        .bytes(NDA_DST, key.address().toBytes())
                        .bytes(NDA_LLADDR, mac.toBytes()));
    }

    private static Request deletion(NeighbourKey key, int link) {
        int family = Rtnetlink.addressFamily(key.address());
        return new Request(
                "RTM_DELNEIGH " + key,
                Rtnetlink.neighbour(RTM_DELNEIGH, 0, family, link, 0, 0)
                        .bytes(NDA_DST, key.address().toBytes()),
                ABSENT);
    }
}
