package fyr.compiler.service.cases;

import fyr.compiler.service.Backend;
import fyr.kernel.Tables;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.kernel.plan.Tracer;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The virtual servers of a plan, and the routes by which packets come to them. A scheduler is one that chooses at random. */
final class PlannedServers implements KernelPath.Balancer {

    /** Which endpoint a client had last. */
    private record Client(IpAddress address, VirtualServerKey server) {}

    private final KernelPlan plan;
    private final RandomGenerator random;
    private final Tracer later;
    private final Consumer<Trace> observer;
    private final Map<Client, Backend> remembered;
    private final Map<VirtualServerKey, List<Backend>> endpoints = new HashMap<>();

    PlannedServers(KernelPlan plan, RandomGenerator random) {
        this(plan, random, _ -> {});
    }

    /** Servers of which somebody sees each trace of what goes to none of them. */
    PlannedServers(KernelPlan plan, RandomGenerator random, Consumer<Trace> observer) {
        this(plan, random, observer, Map.of());
    }

    private PlannedServers(
            KernelPlan plan, RandomGenerator random, Consumer<Trace> observer, Map<Client, Backend> remembered) {
        this.plan = plan;
        this.observer = observer;
        this.random = random;
        this.later = new Tracer(objects(plan, true), random);
        this.remembered = new HashMap<>(remembered);
        plan.table(Tables.REAL_SERVERS).sorted().keySet().forEach(this::add);
    }

    /** The rules that a packet meets before IPVS does, or after it. */
    static PersistentMap<NftKey, NftObject> objects(KernelPlan plan, boolean after) {
        List<NftKey> others = new ArrayList<>();
        plan.table(Tables.NFT).forEach((key, object) -> {
            if (object instanceof NftObject.Chain chain
                    && chain.hook().filter(hook -> isAfter(hook) != after).isPresent()) {
                others.add(key);
            }
        });
        return plan.table(Tables.NFT).withoutAll(others);
    }

    /** Priorities of IPVS: 98 and 99 at input, -98 at output (ip_vs_ops4 in net/netfilter/ipvs/ip_vs_core.c). */
    private static boolean isAfter(NftHook hook) {
        return switch (hook.point()) {
            case INPUT -> hook.priority() > 99;
            case OUTPUT -> hook.priority() > -98;
            case PREROUTING, FORWARD, POSTROUTING -> false;
        };
    }

    @Override
    public Trace left(NftHook.Point point, Packet packet) {
        Trace trace = later.trace(point, packet);
        observer.accept(trace);
        return trace;
    }

    private void add(RealServerKey key) {
        endpoints.computeIfAbsent(key.server(), _ -> new ArrayList<>()).add(new Backend(key.address(), key.port()));
    }

    @Override
    public boolean isLocal(IpAddress address) {
        return plan.table(Tables.LOCAL_ROUTES)
                .get(new RouteKey(Prefix.single(address)))
                .equals(Optional.of(new Route.Local()));
    }

    @Override
    public Optional<Backend> endpoint(Packet packet) {
        Protocol protocol = Arrays.stream(Protocol.values())
                .filter(one -> one.number() == packet.protocol())
                .findFirst()
                .orElseThrow();
        VirtualServerKey key = new VirtualServerKey(protocol, packet.destination(), packet.destinationPort());
        return plan.table(Tables.VIRTUAL_SERVERS)
                .get(key)
                .filter(_ -> endpoints.containsKey(key))
                .map(server -> endpoint(new Client(packet.source(), key), server));
    }

    private Backend endpoint(Client client, VirtualServer server) {
        List<Backend> all = endpoints.getOrDefault(client.server(), List.of());
        Optional<Backend> before = Optional.ofNullable(remembered.get(client)).filter(all::contains);
        Backend chosen = before.orElseGet(() -> all.get(random.nextInt(all.size())));
        if (server instanceof VirtualServer.Balanced(var _, var affinity) && affinity.isPresent()) {
            remembered.put(client, chosen);
        }
        return chosen;
    }

    @Override
    public KernelPath.Balancer after(KernelPlan change) {
        return new PlannedServers(change, random, observer, remembered);
    }
}
