package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.ipvs.Ipvs.GENL_HDRLEN;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_ATTR_TIMEOUT_TCP_FIN;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_ATTR_TIMEOUT_UDP;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_GET_CONFIG;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_SET_CONFIG;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.IpvsTimeout;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The timeouts of IPVS in one namespace, in seconds. The kernel always has all of them, so ours are those that were applied, as with other
 * settings. A timeout cannot be deleted: deleting only forgets it. If nothing was applied, the kernel is not asked.
 */
public final class IpvsTimeoutTable implements KernelTable<IpvsTimeout, Integer> {

    private final NetlinkSocket socket;
    private final IpvsFamily family;
    private final Set<IpvsTimeout> applied = EnumSet.noneOf(IpvsTimeout.class);

    /** @param socket of NETLINK_GENERIC */
    public IpvsTimeoutTable(NetlinkSocket socket) {
        this.socket = socket;
        this.family = new IpvsFamily(socket);
    }

    @Override
    public TableId<IpvsTimeout, Integer> id() {
        return Tables.IPVS_TIMEOUTS;
    }

    /** Those that were ever applied; none if IPVS is gone. */
    @Override
    public SortedMap<IpvsTimeout, Integer> list() {
        SortedMap<IpvsTimeout, Integer> ours = new TreeMap<>();
        if (!applied.isEmpty()) {
            family.present()
                    .flatMap(number -> socket.get(Request.of("IPVS_CMD_GET_CONFIG", question(number))))
                    .ifPresent(answer -> ours.putAll(read(answer)));
            ours.keySet().retainAll(applied);
        }
        return ours;
    }

    /** Each by itself, so that one that is refused holds back no other. */
    @Override
    public void apply(Delta<IpvsTimeout, Integer> delta) {
        applied.removeAll(delta.deletes());
        applied.addAll(delta.upserts().keySet());
        if (!delta.upserts().isEmpty()) {
            int number = family.require();
            List<Request> requests = new ArrayList<>();
            delta.upserts()
                    .forEach((timeout, seconds) -> requests.add(Request.of(
                            "IPVS_CMD_SET_CONFIG " + timeout + " " + seconds + " s", put(number, timeout, seconds))));
            socket.requests(requests);
        }
    }

    private static MessageWriter question(int family) {
        return VirtualServerMessages.start(family, IPVS_CMD_GET_CONFIG);
    }

    /** Zero would leave the timeout as it is (ip_vs_set_timeout), without an error. */
    static MessageWriter put(int family, IpvsTimeout timeout, int seconds) {
        if (seconds <= 0) {
            throw new IllegalArgumentException(timeout + ": " + seconds + " s is no timeout");
        }
        return VirtualServerMessages.start(family, IPVS_CMD_SET_CONFIG).u32(attribute(timeout), seconds);
    }

    /** The timeouts in an answer; a kernel without TCP or UDP in IPVS leaves them out. */
    static Map<IpvsTimeout, Integer> read(Message message) {
        Attributes attributes = message.attributes(GENL_HDRLEN);
        Map<IpvsTimeout, Integer> timeouts = new EnumMap<>(IpvsTimeout.class);
        for (IpvsTimeout timeout : IpvsTimeout.values()) {
            attributes.u32(attribute(timeout)).ifPresent(seconds -> timeouts.put(timeout, seconds));
        }
        return timeouts;
    }

    private static int attribute(IpvsTimeout timeout) {
        return switch (timeout) {
            case TCP -> IPVS_CMD_ATTR_TIMEOUT_TCP;
            case TCP_FIN -> IPVS_CMD_ATTR_TIMEOUT_TCP_FIN;
            case UDP -> IPVS_CMD_ATTR_TIMEOUT_UDP;
        };
    }
}
