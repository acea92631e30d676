package fyr.kernel.linux.route;

import static fyr.kernel.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.kernel.linux.netlink.Netlink.NLM_F_EXCL;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_INET;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.AF_INET6;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTA_PRIORITY;
import static fyr.kernel.linux.rtnetlink.Rtnetlink.RTM_NEWROUTE;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.linux.netlink.Failures;
import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.kernel.linux.netlink.Request;
import fyr.kernel.linux.rtnetlink.Rtnetlink;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Routes of protocol {@link Route#PROTOCOL} in the table {@code main} or {@code local}, both families. A route of another protocol is never touched: the kernel's
 * own replacement (NLM_F_REPLACE) takes the first route of the same destination and metric, whoever made it, and is not used.
 */
public final class RouteTable implements KernelTable<RouteKey, Route> {

    private final NetlinkSocket socket;
    private final TableId<RouteKey, Route> id;
    private final int table;

    /**
     * Our routes as they were listed, or written since. There are several of a destination only if others made them; if nothing
     * distinguishes them, each takes a deletion of its own.
     */
    private final Map<RouteKey, List<OwnRoute>> own = new HashMap<>();

    private RouteTable(NetlinkSocket socket, TableId<RouteKey, Route> id, int table) {
        this.socket = socket;
        this.id = id;
        this.table = table;
    }

    /** The routes of the socket's namespace that lead elsewhere. */
    public static RouteTable main(NetlinkSocket socket) {
        return new RouteTable(socket, Tables.ROUTES, Rtnetlink.RT_TABLE_MAIN);
    }

    /** Those that lead to the node itself. */
    public static RouteTable local(NetlinkSocket socket) {
        return new RouteTable(socket, Tables.LOCAL_ROUTES, Rtnetlink.RT_TABLE_LOCAL);
    }

    @Override
    public TableId<RouteKey, Route> id() {
        return id;
    }

    @Override
    public SortedMap<RouteKey, Route> list() {
        own.clear();
        SortedMap<RouteKey, Route> routes = new TreeMap<>();
        Map<Integer, String> names = LinkIndexes.names(socket);
        for (int family : new int[] {AF_INET, AF_INET6}) {
            for (RouteMessage route : RouteMessage.ours(socket, family, table, names)) {
                RouteKey key = new RouteKey(route.destination());
                boolean only = !own.containsKey(key);
                own.computeIfAbsent(key, _ -> new ArrayList<>()).addAll(route.own());
                routes.put(key, only && route.isInItsPlace() ? route.route() : RouteMessage.FOREIGN);
            }
        }
        return routes;
    }

    @Override
    public void apply(Delta<RouteKey, Route> delta) {
        if (!own.keySet().containsAll(delta.deletes())) {
            list();
        }
        Failures failures = new Failures();
        Batch batch = new Batch(failures);
        for (RouteKey key : delta.deletes()) {
            own.getOrDefault(key, List.of()).forEach(batch::delete);
            own.remove(key);
        }
        delta.upserts().forEach(batch::put);
        Set<RouteKey> taken = batch.send();
        if (!taken.isEmpty()) {
            putAnew(taken, delta.upserts(), failures);
        }
        failures.throwFirst();
    }

    /** An existing route is replaced if it is ours and was not known. */
    private void putAnew(Set<RouteKey> taken, Map<RouteKey, Route> wanted, Failures failures) {
        list();
        Batch second = new Batch(failures);
        wanted.forEach((key, route) -> {
            if (taken.contains(key) && own.containsKey(key)) {
                second.put(key, route);
            }
        });
        Set<RouteKey> foreign = new TreeSet<>(taken);
        foreign.removeAll(second.keys());
        foreign.addAll(second.send());
        for (RouteKey key : foreign) {
            failures.add(KernelException.unasked(
                    "RTM_NEWROUTE " + key,
                    Errno.EEXIST,
                    "the node has a route to it that Fyr did not make, and does not replace; remove that route"));
        }
    }

    /** Changes that are sent together; lives within one call. */
    private final class Batch {

        private final LinkIndexes links = new LinkIndexes(socket);
        private final List<Request> requests = new ArrayList<>();
        private final Map<Request, RouteKey> additions = new HashMap<>();

        /**
         * What bridges the gap while a route is replaced: if it is refused there is a gap, and the refusal of the route itself says why.
         */
        private final Set<Request> bridges = new HashSet<>();

        private final Failures failures;

        Batch(Failures failures) {
            this.failures = failures;
        }

        void delete(OwnRoute route) {
            requests.add(route.deletion());
        }

        /**
         * Adds a route, or replaces ours so that there is one at any time: add the new one with a worse metric, remove the old one, add the
         * new one with the usual metric, remove the first one.
         */
        void put(RouteKey key, Route route) {
            failures.attempt(() -> {
                if (OwnRoute.table(route) != table) {
                    throw new IllegalArgumentException("no route of the table " + id + ": " + key + " " + route);
                }
                OwnRoute usual = OwnRoute.usual(key, route);
                Request addition = addition(usual, route);
                additions.put(addition, key);
                List<OwnRoute> before = own.getOrDefault(key, List.of());
                if (before.isEmpty()) {
                    requests.add(addition);
                } else {
                    OwnRoute meanwhile = OwnRoute.meanwhile(key, route);
                    Request bridge = addition(meanwhile, route);
                    bridges.add(bridge);
                    requests.add(bridge);
                    before.forEach(this::delete);
                    requests.add(addition);
                    delete(meanwhile);
                }
                own.put(key, List.of(usual));
            });
        }

        /** With NLM_F_EXCL: neither next to nor in place of another route of this destination and metric. */
        private Request addition(OwnRoute place, Route route) {
            Prefix destination = place.key().destination();
            String operation = "RTM_NEWROUTE " + destination;
            int flags = NLM_F_CREATE | NLM_F_EXCL;
            MessageWriter message = switch (route) {
                case Route.Local() -> RouteMessage.local(RTM_NEWROUTE, flags, destination, Route.PROTOCOL);
                case Route.Unreachable() -> RouteMessage.unreachable(RTM_NEWROUTE, flags, destination, Route.PROTOCOL);
                case Route.Unicast unicast ->
                    RouteMessage.unicast(
                            RTM_NEWROUTE,
                            flags,
                            destination,
                            Route.PROTOCOL,
                            unicast,
                            links.require(unicast.link(), operation));
            };
            return Request.of(operation, message.u32(RTA_PRIORITY, place.metric()));
        }

        Set<RouteKey> keys() {
            return Set.copyOf(additions.values());
        }

        /** Records refusals, except those because a route exists already: returns their destinations. */
        Set<RouteKey> send() {
            Set<RouteKey> taken = new TreeSet<>();
            socket.requests(requests, failures, (request, refusal) -> {
                Optional<RouteKey> key = Optional.ofNullable(additions.get(request));
                if (refusal.errno().equals(Errno.EEXIST) && key.isPresent()) {
                    taken.add(key.get());
                } else if (!bridges.contains(request)) {
                    failures.add(explained(request, refusal));
                }
            });
            return taken;
        }

        /** The gateway of an IPv6 route must not be reachable through another link (ip6_route_check_nh_onlink in net/ipv6/route.c). */
        private KernelException explained(Request request, KernelException refusal) {
            boolean gateway = Optional.ofNullable(additions.get(request))
                    .filter(key -> key.destination().family() == Family.IPV6)
                    .isPresent();
            String kernels = String.valueOf(refusal.getMessage());
            return gateway && refusal.errno().equals(Errno.EINVAL) && kernels.startsWith(request.operation() + ": ")
                    ? KernelException.unasked(
                            request.operation(),
                            Errno.EINVAL,
                            kernels.substring(request.operation().length() + 2)
                                    + "; does another route, which Fyr did not make, lead to its gateway?")
                    : refusal;
        }
    }
}
