package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_NEW_SERVICE;
import static fyr.kernel.linux.ipvs.Ipvs.IPVS_CMD_SET_SERVICE;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.ipvs.VirtualServerMessages.Found;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The virtual servers of one namespace that carry our mark. A kernel without IPVS has none, and is made to load it only when there is one to
 * write.
 */
public final class VirtualServerTable implements KernelTable<VirtualServerKey, VirtualServer> {

    /** What the kernel answers about a virtual server that does not exist. */
    private static final Set<Errno> ABSENT = Set.of(Errno.ESRCH, Errno.ENOENT);

    private final NetlinkSocket socket;
    private final IpvsFamily family;
    private final VirtualServers servers;

    /** One that should exist, by which it shows whether somebody has removed all. */
    private Optional<VirtualServerKey> sample = Optional.empty();

    /** @param socket of NETLINK_GENERIC */
    public VirtualServerTable(NetlinkSocket socket) {
        this.socket = socket;
        this.family = new IpvsFamily(socket);
        this.servers = new VirtualServers(socket);
    }

    @Override
    public TableId<VirtualServerKey, VirtualServer> id() {
        return Tables.VIRTUAL_SERVERS;
    }

    @Override
    public SortedMap<VirtualServerKey, VirtualServer> list() {
        SortedMap<VirtualServerKey, VirtualServer> ours = new TreeMap<>();
        family.present().ifPresent(number -> servers.ours(number).forEach(one -> ours.put(one.key(), one.server())));
        sample = ours.keySet().stream().findFirst();
        return ours;
    }

    /** The kernel reports no changes. Whoever clears the table ({@code ipvsadm -C}) has removed each of ours. */
    @Override
    public boolean seemsChanged() {
        return sample.filter(key -> family.present()
                        .map(number -> servers.existing(number, Set.of(key)).values().stream()
                                .noneMatch(Found::marked))
                        .orElse(true))
                .isPresent();
    }

    @Override
    public void apply(Delta<VirtualServerKey, VirtualServer> delta) {
        Optional<Integer> number = delta.upserts().isEmpty() ? family.present() : Optional.of(family.require());
        if (number.isPresent()) {
            apply(number.get(), delta);
        }
    }

    private void apply(int number, Delta<VirtualServerKey, VirtualServer> delta) {
        TreeSet<VirtualServerKey> named = new TreeSet<>(delta.upserts().keySet());
        named.addAll(delta.deletes());
        Map<VirtualServerKey, Found> existing = servers.existing(number, named);
        Failures failures = new Failures();
        List<Request> requests = new ArrayList<>();
        Map<Request, VirtualServer> upserts = new IdentityHashMap<>();
        for (VirtualServerKey key : delta.deletes()) {
            if (Optional.ofNullable(existing.get(key)).filter(Found::marked).isPresent()) {
                requests.add(
                        new Request("IPVS_CMD_DEL_SERVICE " + key, VirtualServerMessages.delete(number, key), ABSENT));
            }
        }
        delta.upserts()
                .forEach((key, server) -> failures.attempt(() -> {
                    Request request = upsert(number, key, server, Optional.ofNullable(existing.get(key)));
                    requests.add(request);
                    upserts.put(request, server);
                }));
        socket.requests(
                requests,
                failures,
                (request, refusal) -> failures.add(
                        upserts.get(request) instanceof VirtualServer.Balanced balanced
                                ? explained(request, balanced.scheduler(), refusal)
                                : refusal));
        sample = sample.filter(key -> !delta.deletes().contains(key))
                .or(() -> delta.upserts().keySet().stream().findFirst());
        failures.throwFirst();
    }

    private static Request upsert(int number, VirtualServerKey key, VirtualServer server, Optional<Found> existing) {
        if (!(server instanceof VirtualServer.Balanced balanced)) {
            throw new IllegalArgumentException(key + ": nobody can plan " + server);
        }
        if (existing.filter(found -> !found.marked()).isPresent()) {
            throw KernelException.unasked(
                    "IPVS_CMD_NEW_SERVICE " + key,
                    Errno.EEXIST,
                    "there is a virtual server that is not Fyr's; stop what made it (kube-proxy in mode ipvs), and remove it with kube-proxy --cleanup or ipvsadm -D");
        }
        boolean isNew = existing.isEmpty();
        return Request.of(
                (isNew ? "IPVS_CMD_NEW_SERVICE " : "IPVS_CMD_SET_SERVICE ") + key + " " + balanced,
                VirtualServerMessages.put(number, isNew ? IPVS_CMD_NEW_SERVICE : IPVS_CMD_SET_SERVICE, key, balanced));
    }

    /** ENOENT stands for a scheduler that the kernel neither has nor could load (ip_vs_add_service). */
    private static KernelException explained(Request request, Scheduler scheduler, KernelException refusal) {
        return refusal.errno().equals(Errno.ENOENT)
                ? KernelException.unasked(
                        request.operation(),
                        Errno.ENOENT,
                        "the kernel does not have this scheduler, and could not load its module; run modprobe "
                                + scheduler.module() + " on the machine, or choose another scheduler")
                : refusal;
    }
}
