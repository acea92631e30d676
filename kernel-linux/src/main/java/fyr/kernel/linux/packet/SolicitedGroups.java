package fyr.kernel.linux.packet;

import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Sockets;
import fyr.model.address.Ipv6Address;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The multicast groups in which owners of IPv6 addresses are asked. The kernel tells them to the link and, with MLD, to switches that pass a
 * group only to those who joined it. Used by one thread.
 */
final class SolicitedGroups implements AutoCloseable {

    private static final System.Logger LOG = System.getLogger("fyr.announce");

    /** The kernel bounds what one socket may have joined by its memory for options (net.core.optmem_max). */
    private static final int PER_SOCKET = 64;

    private final int link;
    private final Map<Descriptor, Set<Ipv6Address>> joined = new HashMap<>();

    SolicitedGroups(int link) {
        this.link = link;
    }

    /** Joins the groups of these addresses, and leaves all others. */
    void follow(Set<Ipv6Address> addresses) {
        Set<Ipv6Address> missing = new HashSet<>();
        addresses.forEach(address -> missing.add(NeighbourFrame.group(address)));
        Set<Ipv6Address> wanted = Set.copyOf(missing);
        joined.forEach((socket, groups) -> {
            groups.removeIf(group -> !wanted.contains(group) && set(socket, Sockets.IPV6_LEAVE_GROUP, group));
            missing.removeAll(groups);
        });
        missing.forEach(this::join);
    }

    private void join(Ipv6Address group) {
        Map.Entry<Descriptor, Set<Ipv6Address>> room = joined.entrySet().stream()
                .filter(one -> one.getValue().size() < PER_SOCKET)
                .findFirst()
                .orElseGet(() -> {
                    Descriptor socket = Sockets.socket(Sockets.AF_INET6, Sockets.SOCK_DGRAM, 0);
                    joined.put(socket, new HashSet<>());
                    return Map.entry(socket, joined.get(socket));
                });
        if (set(room.getKey(), Sockets.IPV6_JOIN_GROUP, group)) {
            room.getValue().add(group);
        }
    }

    /** With struct ipv6_mreq. */
    private boolean set(Descriptor socket, int option, Ipv6Address group) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment request = arena.allocate(20, 4);
            MemorySegment.copy(group.toBytes(), 0, request, ValueLayout.JAVA_BYTE, 0, 16);
            request.set(ValueLayout.JAVA_INT, 16, link);
            Sockets.setsockopt(socket, Sockets.SOL_IPV6, option, request);
            return true;
        } catch (KernelException refused) {
            LOG.log(Level.DEBUG, "group {0}: {1}", group, refused.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        joined.keySet().forEach(Descriptor::close);
        joined.clear();
    }
}
