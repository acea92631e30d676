package fyr.kernel.linux.ipvs;

import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.ipvs.VirtualServerMessages.Found;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Reads virtual servers, ours and others. */
final class VirtualServers {

    private final NetlinkSocket socket;

    VirtualServers(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Those that are ours. */
    List<Found> ours(int family) {
        return socket.dump(
                "IPVS_CMD_GET_SERVICE",
                VirtualServerMessages.list(family),
                message -> VirtualServerMessages.read(message).filter(Found::marked));
    }

    /** The existing ones among these, whoever made them. */
    Map<VirtualServerKey, Found> existing(int family, Collection<VirtualServerKey> keys) {
        Map<VirtualServerKey, Found> found = new TreeMap<>();
        List<MessageWriter> questions =
                keys.stream().map(key -> VirtualServerMessages.get(family, key)).toList();
        socket.getEach(
                "IPVS_CMD_GET_SERVICE",
                questions,
                (_, message) -> VirtualServerMessages.read(message).ifPresent(one -> found.put(one.key(), one)));
        return found;
    }
}
