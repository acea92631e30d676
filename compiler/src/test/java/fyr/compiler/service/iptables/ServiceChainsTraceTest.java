package fyr.compiler.service.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.service.Backend;
import fyr.compiler.service.Delivery;
import fyr.compiler.service.Frontend;
import fyr.compiler.service.LocalNode;
import fyr.compiler.service.ServiceHistory;
import fyr.compiler.service.ServiceRow;
import fyr.compiler.service.ServiceRow.Origin;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.Sources;
import fyr.compiler.service.iptables.XtTracer.Packet;
import fyr.compiler.service.iptables.XtTracer.Verdict;
import fyr.kernel.iptables.XtEntry;
import fyr.kernel.iptables.XtKey;
import fyr.kernel.iptables.XtTable;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The chains do what the rows say: for each frontend of random clusters, and each place where a connection can begin. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceChainsTraceTest {

    private static final int STEPS = 60;
    private static final int RUNS = 120; // enough to see each of the few endpoints of a service
    private static final IpAddress NODE = IpAddress.parse("172.18.0.10");
    private static final IpAddress NODE6 = IpAddress.parse("fd00:18::10");

    /** What became of a connection. */
    private record End(String kind, Set<Backend> backends, boolean masqueraded) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32, 33})
    void chainsDoWhatRowsSay(long seed) {
        ServiceHistory history = new ServiceHistory(seed);
        int[] compared = new int[1];
        for (int step = 0; step < STEPS; step++) {
            ServiceTable table = withBlocks(ServiceHistory.NOTHING.next(history.next()));
            ServiceChains chains = ServiceChains.empty(table).next(table);
            table.services()
                    .forEach((name, _) -> table.rows(name).rows().forEach(row -> {
                        for (Origin origin : Origin.values()) {
                            assertThat(traced(chains.chains(), row, origin))
                                    .as(row + " from " + origin)
                                    .isEqualTo(said(row, origin));
                            compared[0]++;
                        }
                    }));
        }
        System.out.println("seed " + seed + ": " + compared[0] + " comparisons");
        assertThat(compared[0]).isGreaterThan(500);
    }

    /** The node of the histories has no block of IPv6. */
    private static ServiceTable withBlocks(ServiceTable table) {
        LocalNode node = table.node();
        LocalNode dual = new LocalNode(
                node.name(),
                node.zone(),
                List.of(NODE, NODE6),
                List.of(Prefix.parse("10.244.1.0/24"), Prefix.parse("fd00:244:1::/64")),
                node.options());
        return new ServiceTable(dual, table.elsewhere(), table.services(), table.slices());
    }

    private static End said(ServiceRow row, Origin origin) {
        if (row.sources() instanceof Sources.Only(var prefixes)
                && prefixes.stream().noneMatch(prefix -> prefix.contains(source(row, origin)))
                && row.fromHere() instanceof Delivery.Forward) {
            return new End("dropped", Set.of(), false);
        }
        return switch (row.from(origin)) {
            case Delivery.Forward(var backends, boolean masquerade) ->
                new End("forwarded", new HashSet<>(backends), masquerade);
            case Delivery.Refuse _ -> new End("refused", Set.of(), false);
            case Delivery.Drop _ -> new End("dropped", Set.of(), false);
        };
    }

    private static IpAddress source(ServiceRow row, Origin origin) {
        boolean isFour = row.frontend().family() == Family.IPV4;
        return switch (origin) {
            case POD -> IpAddress.parse(isFour ? "10.244.1.250" : "fd00:244:1::fa");
            case NODE -> isFour ? NODE : NODE6;
            case ELSEWHERE -> IpAddress.parse(isFour ? "198.51.100.7" : "2001:db8:9::7");
        };
    }

    private static End traced(PersistentMap<XtKey, XtEntry> chains, ServiceRow row, Origin origin) {
        XtTracer tracer =
                new XtTracer(chains, address -> address.equals(NODE) || address.equals(NODE6), new SplittableRandom(7));
        Set<Backend> backends = new HashSet<>();
        Set<End> others = new HashSet<>();
        for (int run = 0; run < RUNS; run++) {
            End end = once(row.affinity().isPresent() ? forgetful(tracer, chains) : tracer, row, origin);
            backends.addAll(end.backends());
            others.add(new End(end.kind(), Set.of(), end.masqueraded()));
        }
        assertThat(others).as("one kind of end").hasSize(1);
        End kind = others.iterator().next();
        return new End(kind.kind(), backends, kind.masqueraded());
    }

    private static XtTracer forgetful(XtTracer tracer, PersistentMap<XtKey, XtEntry> chains) {
        return tracer.after(PersistentMap.empty()).after(chains);
    }

    private static End once(XtTracer tracer, ServiceRow row, Origin origin) {
        boolean own = origin == Origin.NODE;
        IpAddress source = source(row, origin);
        IpAddress to = switch (row.frontend()) {
            case Frontend.AtAddress at -> at.address();
            case Frontend.NodePort at -> at.family() == Family.IPV4 ? NODE : NODE6;
        };
        Packet packet = new Packet(
                source,
                to,
                row.frontend().protocol(),
                row.frontend().port(),
                own ? "" : origin == Origin.POD ? "fyrpod" : "eth0",
                0);
        Packet routed = passed(tracer.at(XtTable.NAT, own ? "OUTPUT" : "PREROUTING", packet));
        boolean toNode =
                routed.destination().equals(NODE) || routed.destination().equals(NODE6);
        Verdict filtered = tracer.at(XtTable.FILTER, own ? "OUTPUT" : toNode ? "INPUT" : "FORWARD", routed);
        if (own && toNode && filtered instanceof Verdict.Passed) {
            filtered = tracer.at(XtTable.FILTER, "INPUT", routed);
        }
        return switch (filtered) {
            case Verdict.Refused _ -> new End("refused", Set.of(), false);
            case Verdict.Dropped _ -> new End("dropped", Set.of(), false);
            case Verdict.Masqueraded _ -> throw new IllegalStateException("no masquerade there");
            case Verdict.Passed _
            when routed.destination().equals(to) && routed.port() == packet.port() ->
                new End("untouched", Set.of(), false);
            case Verdict.Passed _ ->
                new End(
                        "forwarded",
                        Set.of(new Backend(routed.destination(), routed.port())),
                        tracer.at(XtTable.NAT, "POSTROUTING", routed) instanceof Verdict.Masqueraded);
        };
    }

    private static Packet passed(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Passed(Packet packet) -> packet;
            case Verdict.Masqueraded _, Verdict.Refused _, Verdict.Dropped _ ->
                throw new IllegalStateException("not at this hook: " + verdict);
        };
    }
}
