package fyr.agent;

import fyr.compiler.service.ServiceFlows;
import fyr.kernel.KernelException;
import fyr.kernel.conntrack.Conntrack;
import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackEntry.Tuple;
import fyr.kernel.socket.TcpEnd;
import fyr.kernel.socket.TcpSockets;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Resets TCP connections to endpoints that their service does not have any more (option --reset-connections). Otherwise a client whose
 * endpoint vanished with its machine would learn it only after minutes of retransmissions, or never if it only waits for data.
 *
 * <p>The sockets of clients and endpoints on this node are aborted first, while the entry still translates the resets that they send; so
 * both ends know at once. Then the entry is removed. The next packet of a client on another machine has no translation any more: it goes
 * to another endpoint, which answers with a reset because it does not know the connection, or is refused with one (nf_conntrack_tcp_loose,
 * which is set by default).
 *
 * <p>Used by one thread, which it blocks while the table is read.
 */
final class ConnectionResets {

    private static final System.Logger LOG = System.getLogger("fyr.agent");

    private final Conntrack conntrack;
    private final TcpSockets sockets;
    private final Function<IpAddress, Optional<Path>> podNamespace;

    /** With a function that finds the network namespace of the pod of this node that has an address. */
    ConnectionResets(Conntrack conntrack, TcpSockets sockets, Function<IpAddress, Optional<Path>> podNamespace) {
        this.conntrack = conntrack;
        this.sockets = sockets;
        this.podNamespace = podNamespace;
    }

    /**
     * Resets what a change of services has left over.
     *
     * @param own addresses of the node, whose own connections count as well
     */
    void reset(ServiceFlows flows, Set<IpAddress> own) {
        Set<ConntrackEntry> abandoned = Set.copyOf(conntrack.find(Protocol.TCP.number(), flows::abandoned));
        if (abandoned.isEmpty()) {
            return;
        }
        int aborted = abort(abandoned, own);
        int removed = conntrack.delete(Protocol.TCP.number(), abandoned::contains);
        LOG.log(
                Level.INFO,
                "reset {0} TCP connections to endpoints that are gone; aborted {1} sockets of this node",
                removed,
                aborted);
    }

    private int abort(Set<ConntrackEntry> abandoned, Set<IpAddress> own) {
        Map<Optional<Path>, List<TcpEnd>> ends = new HashMap<>();
        for (ConntrackEntry entry : abandoned) {
            Tuple first = entry.original();
            Tuple answer = entry.reply();
            add(ends, own, end(first));
            add(ends, own, end(answer));
        }
        int aborted = 0;
        for (Map.Entry<Optional<Path>, List<TcpEnd>> there : ends.entrySet()) {
            aborted += abort(there.getKey(), there.getValue());
        }
        return aborted;
    }

    private static TcpEnd end(Tuple sent) {
        return new TcpEnd(sent.source(), sent.sourcePort(), sent.destination(), sent.destinationPort());
    }

    private void add(Map<Optional<Path>, List<TcpEnd>> ends, Set<IpAddress> own, TcpEnd end) {
        Optional<Path> namespace = podNamespace.apply(end.local());
        // In mode ipvs virtual addresses are local, and the node's own connections come from the address that they go
        // to.
        if (namespace.isPresent() || own.contains(end.local()) || end.local().equals(end.remote())) {
            ends.computeIfAbsent(namespace, _ -> new ArrayList<>()).add(end);
        }
    }

    /** A pod may be gone by now. A kernel that cannot abort sockets leaves it to the next packet to find out. */
    private int abort(Optional<Path> namespace, List<TcpEnd> ends) {
        try {
            return sockets.abort(namespace, ends);
        } catch (KernelException refused) {
            LOG.log(
                    Level.WARNING,
                    "sockets of {0} are not aborted, so clients learn with their next packet that their endpoint is gone: {1}",
                    namespace.map(Path::toString).orElse("the node"),
                    refused.getMessage());
            return 0;
        }
    }
}
