package fyr.kernel.linux.route;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.netlink.NetlinkSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * Names and numbers of links, for the length of one call: indexes change when a link is made anew. Asks the kernel for each name once.
 */
final class LinkIndexes {

    private final NetlinkSocket socket;
    private final Map<String, OptionalInt> known = new HashMap<>();

    LinkIndexes(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** The index of a link, if there is such a link. */
    OptionalInt find(String name) {
        return known.computeIfAbsent(
                name,
                absent -> KernelLink.named(socket, absent).stream()
                        .mapToInt(KernelLink::index)
                        .findFirst());
    }

    /**
     * The index of a link that must exist.
     *
     * @param operation what it is needed for
     * @throws KernelException ENODEV
     */
    int require(String name, String operation) {
        return find(name)
                .orElseThrow(() -> KernelException.unasked(operation, Errno.ENODEV, "there is no link " + name));
    }

    /** The names of all links by their indexes. */
    static Map<Integer, String> names(NetlinkSocket socket) {
        return KernelLink.all(socket).stream()
                .collect(Collectors.toMap(KernelLink::index, KernelLink::name, (a, b) -> b));
    }
}
