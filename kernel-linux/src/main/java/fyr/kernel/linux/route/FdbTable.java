package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_REPLACE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_BRIDGE;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_DST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_IFINDEX;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_LLADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_PORT;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NDA_VNI;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.NTF_SELF;
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
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The forwarding database of VXLAN links whose names begin with {@code fyr}. The entry of the all-zeros Ethernet address, which means
 * "everybody else", is neither read nor written.
 */
public final class FdbTable implements KernelTable<FdbKey, FdbEntry> {

    private static final Set<Errno> ABSENT = Set.of(Errno.ENOENT, Errno.ENODEV);
    private static final MacAddress EVERYBODY = new MacAddress(0);

    /** Stands for everything that Fyr never writes: several remotes, another port, an entry that ages. */
    private static final FdbEntry FOREIGN = new FdbEntry(IpAddress.of(new byte[4]));

    private final NetlinkSocket socket;

    /** Keys whose entry cannot be replaced in one step, known from listing: replacing changes one remote and leaves the others. */
    private final Set<FdbKey> untidy = new HashSet<>();

    /** The forwarding databases of the socket's namespace. */
    public FdbTable(NetlinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public TableId<FdbKey, FdbEntry> id() {
        return Tables.FDB;
    }

    @Override
    public SortedMap<FdbKey, FdbEntry> list() {
        untidy.clear();
        SortedMap<FdbKey, FdbEntry> entries = new TreeMap<>();
        for (Map.Entry<FdbKey, FdbEntry> entry : dump(vxlanNames())) {
            FdbKey key = entry.getKey();
            if (entry.getValue().equals(FOREIGN) || entries.containsKey(key)) {
                untidy.add(key);
            }
            entries.put(key, untidy.contains(key) ? FOREIGN : entry.getValue());
        }
        return entries;
    }

    private Map<Integer, String> vxlanNames() {
        return KernelLink.all(socket).stream()
                .filter(link -> link.kind().equals("vxlan") && KernelLink.isNodeLink(link.name()))
                .collect(Collectors.toMap(KernelLink::index, KernelLink::name));
    }

    private List<Map.Entry<FdbKey, FdbEntry>> dump(Map<Integer, String> names) {
        return socket.dump(
                "RTM_GETNEIGH bridge",
                Rtnetlink.neighbour(RTM_GETNEIGH, 0, AF_BRIDGE, 0, 0, 0),
                message -> Optional.ofNullable(names.get(message.u32(4))).flatMap(link -> read(link, message)));
    }

    static Optional<Map.Entry<FdbKey, FdbEntry>> read(String link, Message message) {
        Attributes attributes = message.attributes(Rtnetlink.NDMSG);
        Optional<byte[]> mac = attributes.bytes(NDA_LLADDR).filter(bytes -> bytes.length == 6);
        Optional<IpAddress> remote = attributes.address(NDA_DST);
        if (mac.isEmpty() || remote.isEmpty() || MacAddress.of(mac.get()).equals(EVERYBODY)) {
            return Optional.empty();
        }
        boolean plain = (message.u16(8) & NUD_PERMANENT) != 0
                && !attributes.has(NDA_PORT)
                && !attributes.has(NDA_VNI)
                && !attributes.has(NDA_IFINDEX);
        return Optional.of(
                Map.entry(new FdbKey(link, MacAddress.of(mac.get())), plain ? new FdbEntry(remote.get()) : FOREIGN));
    }

    @Override
    public void apply(Delta<FdbKey, FdbEntry> delta) {
        LinkIndexes links = new LinkIndexes(socket);
        List<Request> requests = new ArrayList<>();
        Failures failures = new Failures();
        for (FdbKey key : delta.deletes()) {
            untidy.remove(key);
            OptionalInt link = links.find(key.link());
            if (link.isPresent()) {
                requests.add(deletion(key, link.getAsInt()));
            }
        }
        delta.upserts()
                .forEach((key, entry) -> failures.attempt(() -> {
                    int link = links.require(key.link(), "RTM_NEWNEIGH " + key);
                    if (untidy.remove(key)) {
                        requests.add(deletion(key, link));
                    }
                    requests.add(addition(key, entry, link));
                }));
        socket.requests(requests, failures);
        failures.throwFirst();
    }

    static Request addition(FdbKey key, FdbEntry entry, int link) {
        return Request.of(
                "RTM_NEWNEIGH " + key,
                Rtnetlink.neighbour(
                                RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, AF_BRIDGE, link, NUD_PERMANENT, NTF_SELF)
                        .bytes(NDA_DST, entry.remote().toBytes())
                        .bytes(NDA_LLADDR, key.mac().toBytes()));
    }

    /** Without NDA_DST all remotes are removed. */
    private static Request deletion(FdbKey key, int link) {
        return new Request(
                "RTM_DELNEIGH " + key,
                Rtnetlink.neighbour(RTM_DELNEIGH, 0, AF_BRIDGE, link, 0, NTF_SELF)
                        .bytes(NDA_LLADDR, key.mac().toBytes()),
                ABSENT);
    }
}
