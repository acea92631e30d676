package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_ADDRESS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_CACHEINFO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_FLAGS;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_F_NODAD;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_LOCAL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.IFA_PROTO;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_DELADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWADDR;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_HOST;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RT_SCOPE_UNIVERSE;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.link.AddressKey;
import fyr.kernel.link.InterfaceAddress;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Route;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Addresses on links whose names begin with {@code fyr}, and addresses on other links (cluster DNS on {@code lo}) that have our protocol
 * number, which Linux stores since 5.18. Other addresses are never changed: if somebody else gave a link the same address, the change is
 * refused.
 */
public final class AddressTable implements KernelTable<AddressKey, InterfaceAddress> {

    private static final Set<Errno> ABSENT = Set.of(Errno.EADDRNOTAVAIL, Errno.ENODEV);
    private static final InterfaceAddress SEVERAL = new InterfaceAddress(-1);

    /** Preferred for no time, valid for ever, and two times that the kernel does not read. */
    private static final byte[] DEPRECATED = {0, 0, 0, 0, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 0};

    private final NetlinkSocket socket;

    /** What this table set or found to be ours. The thread that reads events uses it, too. */
    private final Map<AddressKey, InterfaceAddress> own = new ConcurrentHashMap<>();

    /** The addresses of the socket's namespace. */
    public AddressTable(NetlinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public TableId<AddressKey, InterfaceAddress> id() {
        return Tables.ADDRESSES;
    }

    @Override
    public SortedMap<AddressKey, InterfaceAddress> list() {
        Map<Integer, String> names = LinkIndexes.names(socket);
        SortedMap<AddressKey, InterfaceAddress> addresses = new TreeMap<>();
        for (KernelAddress address : KernelAddress.all(socket)) {
            String link = names.getOrDefault(address.link(), "");
            AddressKey key = new AddressKey(link, address.address());
            if (address.isMarkedOurs()) {
                own.putIfAbsent(key, address.setting());
            }
            if (isOurs(link, address)) {
                // IPv4 allows one address several times, with different lengths.
                addresses.merge(key, address.setting(), (first, second) -> SEVERAL);
            }
        }
        return addresses;
    }

    @Override
    public void apply(Delta<AddressKey, InterfaceAddress> delta) {
        if (delta.isEmpty()) {
            return;
        }
        LinkIndexes links = new LinkIndexes(socket);
        List<KernelAddress> existing = KernelAddress.all(socket);
        List<Request> requests = new ArrayList<>();
        Failures failures = new Failures();
        delta.upserts()
                .forEach((key, value) -> failures.attempt(() -> {
                    Request addition = addition(key, value, links.require(key.link(), "RTM_NEWADDR " + key));
                    List<KernelAddress> before = ours(existing, links, key);
                    List<KernelAddress> others = before.stream()
                            .filter(old -> !old.setting().equals(value))
                            .toList();
                    others.stream()
                            .filter(old -> isInTheWay(old, value))
                            .forEach(old -> requests.add(removal(key, old)));
                    if (others.size() == before.size()) {
                        requests.add(addition);
                    }
                    others.stream()
                            .filter(old -> !isInTheWay(old, value))
                            .forEach(old -> requests.add(removal(key, old)));
                }));
        // Comes last, so that a link whose address changes is never without one: its neighbours are removed with its
        // last IPv4 address.
        for (AddressKey key : delta.deletes()) {
            ours(existing, links, key).forEach(old -> requests.add(removal(key, old)));
        }
        // Done before it is known whether they are refused: some of several may succeed.
        own.putAll(delta.upserts());
        socket.requests(requests, failures, (request, refusal) -> failures.add(explained(request, refusal)));
        failures.throwFirst();
        own.keySet().removeAll(delta.deletes());
    }

    private static KernelException explained(Request request, KernelException refusal) {
        return refusal.errno().equals(Errno.EEXIST)
                ? KernelException.unasked(
                        request.operation(), Errno.EEXIST, "the link has it from somebody else; remove it there")
                : refusal;
    }

    /** Whether this table sets the address in exactly this way: then its event reports nothing new. Safe on any thread. */
    boolean isAsSet(KernelAddress address) {
        return own.entrySet().stream()
                .anyMatch(set -> set.getKey().address().equals(address.address())
                        && set.getValue().equals(address.setting()));
    }

    private static boolean isOurs(String link, KernelAddress address) {
        return KernelLink.isOurs(link) || address.isMarkedOurs();
    }

    /** Our addresses that have the key: IPv4 allows several with different lengths. */
    private static List<KernelAddress> ours(List<KernelAddress> existing, LinkIndexes links, AddressKey key) {
        OptionalInt link = links.find(key.link());
        return existing.stream()
                .filter(address -> link.isPresent()
                        && link.getAsInt() == address.link()
                        && key.address().equals(address.address())
                        && isOurs(key.link(), address))
                .toList();
    }

    /**
     * Neither length nor scope of an address can be changed: the old address has to be removed. IPv4 allows both lengths at once, so there
     * the new one can be added first.
     */
    private static boolean isInTheWay(KernelAddress old, InterfaceAddress wanted) {
        return old.address().family() == Family.IPV6 || old.setting().prefixLength() == wanted.prefixLength();
    }

    private static Request removal(AddressKey key, KernelAddress old) {
        MessageWriter message = message(RTM_DELADDR, 0, key.address(), old.setting(), old.link());
        return new Request("RTM_DELADDR " + key, message, ABSENT);
    }

    static Request addition(AddressKey key, InterfaceAddress value, int link) {
        MessageWriter message = message(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, key.address(), value, link);
        if (!value.source() && key.address().family() == Family.IPV6) {
            message.bytes(IFA_CACHEINFO, DEPRECATED);
        }
        // Without it an IPv6 address is unusable for a second or two, while the kernel looks for duplicates.
        return Request.of(
                "RTM_NEWADDR " + key, message.u32(IFA_FLAGS, IFA_F_NODAD).u8(IFA_PROTO, Route.PROTOCOL));
    }

    private static MessageWriter message(int type, int flags, IpAddress address, InterfaceAddress setting, int link) {
        byte[] bytes = address.toBytes();
        int scope = setting.source() || address.family() == Family.IPV6 ? RT_SCOPE_UNIVERSE : RT_SCOPE_HOST;
        return Rtnetlink.address(type, flags, Rtnetlink.addressFamily(address), setting.prefixLength(), scope, link)
                .bytes(IFA_LOCAL, bytes)
                .bytes(IFA_ADDRESS, bytes);
    }
}
