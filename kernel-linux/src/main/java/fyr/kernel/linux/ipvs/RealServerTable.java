package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_NEW_DEST;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_SET_DEST;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.TableLook;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.ipvs.RealServerMessages.Found;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.model.Protocol;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The real servers of our virtual servers. The kernel drops the packets of connections whose real server is removed (ip_vs_in_hook in
 * net/netfilter/ipvs/ip_vs_core.c). So one that still has connections gets weight 0 instead, with which it takes no new ones, and is
 * removed once it has none left, at a later change or reading of the table. To the table it does not exist any more. UDP knows no end of
 * connections, and its clients are to find another endpoint at once, so there real servers are removed immediately.
 */
public final class RealServerTable implements KernelTable<RealServerKey, RealServer> {

    private static final Set<Errno> ABSENT = Set.of(Errno.ESRCH, Errno.ENOENT);

    private final NetlinkSocket socket;
    private final IpvsFamily family;
    private final VirtualServers servers;

    /** Those that are about to go, as far as this process knows. */
    private final SortedSet<RealServerKey> leaving = new TreeSet<>();

    /** A virtual server that should have real servers. */
    private Optional<VirtualServerKey> sample = Optional.empty();

    /** @param socket of NETLINK_GENERIC */
    public RealServerTable(NetlinkSocket socket) {
        this.socket = socket;
        this.family = new IpvsFamily(socket);
        this.servers = new VirtualServers(socket);
    }

    @Override
    public TableId<RealServerKey, RealServer> id() {
        return Tables.REAL_SERVERS;
    }

    @Override
    public SortedMap<RealServerKey, RealServer> list() {
        leaving.clear();
        SortedMap<RealServerKey, RealServer> all = family.present()
                .map(number -> read(
                        number,
                        servers.ours(number).stream()
                                .map(VirtualServerMessages.Found::key)
                                .toList()))
                .orElseGet(TreeMap::new);
        sample = all.keySet().stream().findFirst().map(RealServerKey::server);
        return all;
    }

    /** Whoever removes virtual servers removes real servers with them. One of those that have some stands for all. */
    @Override
    public boolean seemsChanged() {
        return sample.filter(server -> family.present()
                        .map(number -> of(number, server).isEmpty())
                        .orElse(true))
                .isPresent();
    }

    @Override
    public SortedMap<RealServerKey, RealServer> read(SortedSet<RealServerKey> keys) {
        Optional<Integer> number = family.present();
        if (number.isEmpty()) {
            return new TreeMap<>();
        }
        SortedMap<RealServerKey, RealServer> found = read(number.get(), ours(number.get(), keys));
        found.keySet().retainAll(keys);
        return found;
    }

    @Override
    public Optional<TableLook<RealServerKey>> look(PersistentMap<RealServerKey, RealServer> expected) {
        return Optional.of(new RealServerLook(expected, this::read));
    }

    private SortedMap<RealServerKey, RealServer> read(VirtualServerKey server) {
        return family.present()
                .map(number -> read(
                        number,
                        servers.existing(number, Set.of(server)).values().stream()
                                .filter(VirtualServerMessages.Found::marked)
                                .map(VirtualServerMessages.Found::key)
                                .toList()))
                .orElseGet(TreeMap::new);
    }

    private SortedMap<RealServerKey, RealServer> read(int number, Collection<VirtualServerKey> of) {
        SortedMap<RealServerKey, RealServer> real = new TreeMap<>();
        for (VirtualServerKey server : of) {
            for (Found found : of(number, server)) {
                found.server().ifPresentOrElse(is -> real.put(found.key(), is), () -> leaving.add(found.key()));
            }
        }
        removeThoseWithoutConnections(number);
        return real;
    }

    /** The real servers of one virtual server, which may be gone. */
    private List<Found> of(int number, VirtualServerKey server) {
        return socket.dump(
                "IPVS_CMD_GET_DEST " + server,
                RealServerMessages.list(number, server),
                message -> RealServerMessages.read(server, message));
    }

    /** The virtual servers of these real servers, without those that are not ours. */
    private SortedSet<VirtualServerKey> ours(int number, Collection<RealServerKey> keys) {
        SortedSet<VirtualServerKey> named = new TreeSet<>();
        keys.forEach(key -> named.add(key.server()));
        SortedSet<VirtualServerKey> ours = new TreeSet<>();
        servers.existing(number, named).forEach((key, found) -> {
            if (found.marked()) {
                ours.add(key);
            }
        });
        return ours;
    }

    @Override
    public void apply(Delta<RealServerKey, RealServer> delta) {
        Optional<Integer> number = delta.upserts().isEmpty() ? family.present() : Optional.of(family.require());
        if (number.isPresent()) {
            Failures failures = new Failures();
            List<RealServerKey> named = new ArrayList<>(delta.deletes());
            named.addAll(delta.upserts().keySet());
            SortedSet<VirtualServerKey> ours = ours(number.get(), named);
            remove(number.get(), delta.deletes(), ours, failures);
            put(number.get(), delta, ours, failures);
            removeThoseWithoutConnections(number.get());
            Optional<VirtualServerKey> latest = sample(delta, ours);
            sample = sample.filter(server -> !touched(delta, server)).or(() -> latest);
            failures.throwFirst();
        }
    }

    private static boolean touched(Delta<RealServerKey, RealServer> delta, VirtualServerKey server) {
        return delta.deletes().stream().anyMatch(key -> key.server().equals(server));
    }

    private static Optional<VirtualServerKey> sample(
            Delta<RealServerKey, RealServer> delta, Set<VirtualServerKey> ours) {
        return delta.upserts().keySet().stream()
                .map(RealServerKey::server)
                .filter(ours::contains)
                .findFirst();
    }

    private void remove(int number, Collection<RealServerKey> keys, Set<VirtualServerKey> ours, Failures failures) {
        List<Request> requests = new ArrayList<>();
        for (RealServerKey key : keys) {
            if (ours.contains(key.server())) {
                if (key.server().protocol() == Protocol.UDP) {
                    requests.add(deletion(number, key));
                } else {
                    requests.add(new Request(
                            "IPVS_CMD_SET_DEST " + key + " weight 0",
                            RealServerMessages.put(number, IPVS_CMD_SET_DEST, key, 0),
                            ABSENT));
                    leaving.add(key);
                }
            }
        }
        socket.requests(requests, failures);
    }

    private static Request deletion(int number, RealServerKey key) {
        return new Request("IPVS_CMD_DEL_DEST " + key, RealServerMessages.delete(number, key), ABSENT);
    }

    /** An entry to write, and the message that was tried. */
    private record Attempt(RealServerKey key, RealServer server, Request request) {}

    /** First as far as is known what exists, then the other way: a real server that is leaving exists, too. */
    private void put(
            int number, Delta<RealServerKey, RealServer> delta, Set<VirtualServerKey> ours, Failures failures) {
        List<Attempt> first = new ArrayList<>();
        delta.upserts().forEach((key, server) -> {
            boolean exists = delta.replaced().contains(key) || leaving.contains(key);
            leaving.remove(key);
            if (ours.contains(key.server())) {
                first.add(new Attempt(
                        key, server, upsert(number, exists ? IPVS_CMD_SET_DEST : IPVS_CMD_NEW_DEST, key, server)));
            } else {
                failures.add(KernelException.unasked(
                        "IPVS_CMD_NEW_DEST " + key, Errno.ESRCH, "Fyr has no virtual server " + key.server()));
            }
        });
        Map<Request, Errno> refused = new IdentityHashMap<>();
        socket.requests(first.stream().map(Attempt::request).toList(), failures, (request, refusal) -> {
            if (refusal.errno().equals(Errno.EEXIST) || refusal.errno().equals(Errno.ENOENT)) {
                refused.put(request, refusal.errno());
            } else {
                failures.add(refusal);
            }
        });
        socket.requests(
                first.stream()
                        .filter(attempt -> refused.containsKey(attempt.request()))
                        .map(attempt -> upsert(
                                number,
                                Errno.EEXIST.equals(refused.get(attempt.request()))
                                        ? IPVS_CMD_SET_DEST
                                        : IPVS_CMD_NEW_DEST,
                                attempt.key(),
                                attempt.server()))
                        .toList(),
                failures);
    }

    private static Request upsert(int number, int command, RealServerKey key, RealServer server) {
        if (!(server instanceof RealServer.Masqueraded masqueraded)) {
            throw new IllegalArgumentException(key + ": nobody can plan " + server);
        }
        return Request.of(
                (command == IPVS_CMD_NEW_DEST ? "IPVS_CMD_NEW_DEST " : "IPVS_CMD_SET_DEST ") + key + " " + masqueraded,
                RealServerMessages.put(number, command, key, masqueraded.weight()));
    }

    /** What could not be removed is tried again the next time. */
    private void removeThoseWithoutConnections(int number) {
        if (leaving.isEmpty()) {
            return;
        }
        SortedSet<RealServerKey> still = new TreeSet<>();
        List<Request> requests = new ArrayList<>();
        for (VirtualServerKey server : ours(number, leaving)) {
            for (Found found : of(number, server)) {
                if (leaving.contains(found.key()) && found.server().isEmpty()) {
                    if (found.connections() == 0) {
                        requests.add(deletion(number, found.key()));
                    } else {
                        still.add(found.key());
                    }
                }
            }
        }
        leaving.retainAll(still);
        socket.requests(requests);
    }
}
