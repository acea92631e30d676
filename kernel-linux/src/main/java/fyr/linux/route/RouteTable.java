package fyr.linux.route;

import static fyr.linux.netlink.Netlink.NLM_F_CREATE;
import static fyr.linux.netlink.Netlink.NLM_F_REPLACE;
import static fyr.linux.rtnetlink.Rtnetlink.AF_INET;
import static fyr.linux.rtnetlink.Rtnetlink.AF_INET6;
import static fyr.linux.rtnetlink.Rtnetlink.RTM_DELROUTE;
import static fyr.linux.rtnetlink.Rtnetlink.RTM_NEWROUTE;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.KernelTable;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.linux.netlink.Failures;
import fyr.linux.netlink.MessageWriter;
import fyr.linux.netlink.NetlinkSocket;
import fyr.linux.netlink.Request;
import fyr.linux.rtnetlink.Rtnetlink;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Routes of protocol {@link Route#PROTOCOL} in the main table, both families. */
public final class RouteTable implements KernelTable<RouteKey, Route> {

    private static final Set<Errno> ABSENT = Set.of(Errno.ESRCH);

    private final NetlinkSocket socket;

    /** Destinations with a route of our protocol that replacing would not replace, since its metric is another; known from listing. */
    private final Set<RouteKey> untidy = new HashSet<>();

    /** The routes of the socket's namespace. */
    public RouteTable(NetlinkSocket socket) {
        this.socket = socket;
    }

    @Override
    public String name() {
        return "routes";
    }

    @Override
    public SortedMap<RouteKey, Route> list() {
        untidy.clear();
        SortedMap<RouteKey, Route> routes = new TreeMap<>();
        Map<Integer, String> names = LinkIndexes.names(socket);
        for (int family : new int[] {AF_INET, AF_INET6}) {
            for (RouteMessage route : RouteMessage.ours(socket, family, names)) {
                RouteKey key = new RouteKey(route.destination());
                if (!route.hasUsualMetric() || routes.containsKey(key)) {
                    untidy.add(key);
                }
                routes.put(key, untidy.contains(key) ? RouteMessage.FOREIGN : route.route());
            }
        }
        return routes;
    }

    @Override
    public void apply(Delta<RouteKey, Route> delta) {
        LinkIndexes links = new LinkIndexes(socket);
        List<Request> requests = new ArrayList<>();
        Failures failures = new Failures();
        for (RouteKey key : delta.deletes()) {
            failures.attempt(() -> clear(key));
            requests.add(deletion(key));
        }
        delta.upserts()
                .forEach((key, route) -> failures.attempt(() -> {
                    clear(key);
                    requests.add(addition(key.destination(), route, links));
                }));
        socket.requests(requests, failures);
        failures.throwFirst();
    }

    private static Request deletion(RouteKey key) {
        MessageWriter message =
                Rtnetlink.route(RTM_DELROUTE, 0, key.destination(), Route.PROTOCOL, Rtnetlink.RT_SCOPE_NOWHERE, 0, 0);
        return new Request("RTM_DELROUTE " + key, message, ABSENT);
    }

    private static Request addition(Prefix destination, Route route, LinkIndexes links) {
        String operation = "RTM_NEWROUTE " + destination;
        int flags = NLM_F_CREATE | NLM_F_REPLACE;
        return Request.of(
                operation,
                switch (route) {
                    case Route.Unreachable() ->
                        RouteMessage.unreachable(RTM_NEWROUTE, flags, destination, Route.PROTOCOL);
                    case Route.Unicast unicast ->
                        RouteMessage.unicast(
                                RTM_NEWROUTE,
                                flags,
                                destination,
                                Route.PROTOCOL,
                                unicast,
                                links.require(unicast.link(), operation));
                });
    }

    /** Each deletion takes one route of the destination, whatever its metric. */
    private void clear(RouteKey key) {
        if (!untidy.remove(key)) {
            return;
        }
        try {
            while (true) {
                socket.request(Request.of("RTM_DELROUTE " + key, deletion(key).message()));
            }
        } catch (KernelException refused) {
            if (!refused.errno().equals(Errno.ESRCH)) {
                throw refused;
            }
        }
    }
}
