package fyr.compiler.service.ipvs;

import fyr.compiler.service.Backend;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRows;
import fyr.compiler.service.frontend.FrontendElements;
import fyr.compiler.service.frontend.FrontendKey;
import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.Scheduler;
import fyr.kernel.ipvs.VirtualServer;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * What one service has in the kernel: a function of its rows and its scheduler alone.
 *
 * <p>All virtual servers are at the service's own virtual addresses. Connections to its other frontends are translated to one of them, which
 * IPVS sees as their destination. If they have other endpoints than those to the virtual address, there is a further virtual server for
 * them, at a port of the virtual address that the service does not have.
 *
 * @param elements of the sets and maps of nf_tables
 * @param virtual the virtual servers
 * @param real what is behind them
 * @param routes those that make the virtual addresses the node's own
 */
record ServersOfService(
        Map<NftKey, NftObject> elements,
        Map<VirtualServerKey, VirtualServer> virtual,
        Map<RealServerKey, RealServer> real,
        Map<RouteKey, Route> routes) {

    /** Those of a service without rows. */
    static final ServersOfService NONE = new ServersOfService(Map.of(), Map.of(), Map.of(), Map.of());

    static ServersOfService of(ServiceRows rows, Scheduler scheduler) {
        Rendering rendering = new Rendering(rows, scheduler);
        return new ServersOfService(rendering.elements, rendering.virtual, rendering.real, rendering.routes);
    }

    /** Fills the maps; lives within one call. */
    private static final class Rendering {

        private static final NftObject DROP = FrontendElements.element(new NftData.Verdict(new NftVerdict.Drop()));

        /** Ports beyond the one that asks have this bit changed, so that they seldom meet one of the service's own. */
        private static final int OTHER_HALF = 0x8000;

        private static final int PORTS = 1 << 16;

        private final Map<NftKey, NftObject> elements = new HashMap<>();
        private final Map<VirtualServerKey, VirtualServer> virtual = new HashMap<>();
        private final Map<RealServerKey, RealServer> real = new HashMap<>();
        private final Map<RouteKey, Route> routes = new HashMap<>();
        private final Map<Endpoints, VirtualServerKey> serving = new HashMap<>();
        private final List<IpAddress> addresses;
        private final Scheduler scheduler;

        /** What a virtual server leads to. */
        private record Endpoints(IpAddress at, Protocol protocol, List<Backend> backends) {}

        Rendering(ServiceRows rows, Scheduler scheduler) {
            this.addresses = rows.addresses();
            this.scheduler = scheduler;
            addresses.forEach(address -> routes.put(new RouteKey(Prefix.single(address)), new Route.Local()));
            FrontendElements.of(rows, elements::put);
            rows.rows().forEach(this::internal);
            rows.rows().forEach(this::fromHere);
            rows.rows().forEach(this::external);
        }

        /**
         * A virtual address that leads nowhere has a virtual server as well: connections go on to endpoints that take no new ones, and they end
         * with the virtual server.
         */
        private void internal(ServiceRow row) {
            if (row.frontend() instanceof Frontend.ClusterIp at) {
                VirtualServerKey server = new VirtualServerKey(at.protocol(), at.address(), at.port());
                List<Backend> backends = backends(row.fromElsewhere());
                add(server, backends, row.affinity());
                serving.putIfAbsent(new Endpoints(at.address(), at.protocol(), backends), server);
                FrontendKey key = FrontendKey.of(at);
                switch (row.fromElsewhere()) {
                    case Delivery.Forward _ -> put(key, ServerSets.SERVED, FrontendElements.PRESENT);
                    case Delivery.Drop _ -> put(key, ServerMaps.ADDRESS.dropped(), DROP);
                    case Delivery.Refuse _ -> {}
                }
            }
        }

        private void external(ServiceRow row) {
            if (!(row.frontend() instanceof Frontend.ClusterIp)) {
                ServerMaps maps = ServerMaps.of(row.frontend());
                switch (row.fromElsewhere()) {
                    case Delivery.Forward(List<Backend> backends, boolean _) -> lead(row, maps, backends);
                    case Delivery.Drop _ -> put(FrontendKey.of(row.frontend()), maps.dropped(), DROP);
                    case Delivery.Refuse _ -> {} // rules refuse what is not translated
                }
            }
        }

        /** Without an endpoint, what begins here leads to a virtual server that has none: otherwise it would go where the others go. */
        private void fromHere(ServiceRow row) {
            if (!leadAlike(row.fromHere(), row.fromElsewhere())) {
                lead(row, ServerMaps.ofHere(row.frontend()), backends(row.fromHere()));
            }
        }

        private static boolean leadAlike(Delivery one, Delivery other) {
            return one instanceof Delivery.Forward(var backends, var _)
                            && other instanceof Delivery.Forward(var others, var _)
                    ? backends.equals(others)
                    : one.equals(other);
        }

        private void lead(ServiceRow row, ServerMaps maps, List<Backend> backends) {
            VirtualServerKey server = server(row, backends);
            put(
                    FrontendKey.of(row.frontend()),
                    maps.servers(),
                    FrontendElements.element(
                            new NftData.Value(FrontendKey.bytes(new Backend(server.address(), server.port())))));
        }

        /** The virtual server with these endpoints, a new one if none has them. */
        private VirtualServerKey server(ServiceRow row, List<Backend> backends) {
            Frontend frontend = row.frontend();
            IpAddress at = addresses.stream()
                    .filter(address -> address.family() == frontend.family())
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("no virtual address for " + frontend));
            return serving.computeIfAbsent(new Endpoints(at, frontend.protocol(), backends), _ -> {
                VirtualServerKey server = Stream.iterate(frontend.port() ^ OTHER_HALF, port -> (port + 1) % PORTS)
                        .limit(PORTS)
                        .filter(port -> port != 0)
                        .map(port -> new VirtualServerKey(frontend.protocol(), at, port))
                        .filter(free -> !virtual.containsKey(free))
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("no port of " + at + " is free"));
                add(server, backends, row.affinity());
                return server;
            });
        }

        private static List<Backend> backends(Delivery delivery) {
            return switch (delivery) {
                case Delivery.Forward(List<Backend> backends, boolean _) -> backends;
                case Delivery.Refuse _, Delivery.Drop _ -> List.of();
            };
        }

        private void add(VirtualServerKey server, List<Backend> backends, Optional<Duration> affinity) {
            OptionalInt seconds = affinity.map(time -> OptionalInt.of(Math.toIntExact(time.toSeconds())))
                    .orElse(OptionalInt.empty());
            virtual.put(server, new VirtualServer.Balanced(scheduler, seconds));
            for (Backend backend : backends) {
                if (!Shortfalls.isTunnel(server.protocol(), backend)) {
                    real.put(
                            new RealServerKey(server, backend.address(), backend.port()), RealServer.Masqueraded.USUAL);
                }
            }
        }

        private void put(FrontendKey key, String set, NftObject element) {
            elements.put(new NftKey.ElementKey(key.family(), set, key.bytes()), element);
        }
    }
}
