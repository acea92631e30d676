package fyr.kernel.linux.route;

import static fyr.kernel.linux.route.Overlays.by;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.KernelTable;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import fyr.kernel.route.Neighbour;
import fyr.kernel.route.NeighbourKey;
import fyr.kernel.route.Route;
import fyr.kernel.route.RouteKey;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class ManyNodesKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        overlays.close();
    }

    @Test
    void thousandsOfNodes() {
        int nodes = 5000;
        SortedMap<RouteKey, Route> routes = new TreeMap<>();
        SortedMap<NeighbourKey, Neighbour> neighbours = new TreeMap<>();
        SortedMap<FdbKey, FdbEntry> fdb = new TreeMap<>();
        for (int i = 0; i < nodes; i++) {
            IpAddress four = ip("10.0.0.0").plus(256L * i);
            IpAddress six = IpAddress.parse("fd00:10:%x::".formatted(i));
            routes.put(new RouteKey(new Prefix(four, 24)), by("fyr-vxlan4", four.toString()));
            routes.put(new RouteKey(new Prefix(six, 64)), by("fyr-vxlan6", six.toString()));
            neighbours.put(new NeighbourKey("fyr-vxlan4", four), new Neighbour(MacAddress.local(i)));
            fdb.put(
                    new FdbKey("fyr-vxlan4", MacAddress.local(i)),
                    new FdbEntry(ip("192.0.2.1").plus(i)));
        }
        // The kernel takes most of the time: "ip -batch" takes as long, nine tenths of it for the 5,000 IPv4 routes.
        // Most of that is waiting, not computing.
        measured("routes", RouteTable.main(overlays.socket), routes);
        // Permanent neighbours are exempt from gc_thresh3 (1024): neigh_alloc and NTF_EXT_LEARNED/NUD_PERMANENT in
        // net/core/neighbour.c.
        measured("neighbours", new NeighbourTable(overlays.socket), neighbours);
        measured("fdb", new FdbTable(overlays.socket), fdb);
    }

    private static <K extends Comparable<? super K>, V> void measured(
            String what, KernelTable<K, V> table, SortedMap<K, V> entries) {
        long begin = System.nanoTime();
        table.apply(new Delta<>(entries, new TreeSet<>()));
        long applied = System.nanoTime();
        assertThat(table.list()).isEqualTo(entries);
        long listed = System.nanoTime();
        remove(table, entries.keySet());
        long removed = System.nanoTime();
        assertThat(table.list()).isEmpty();
        System.out.printf(
                "%d %s: applied in %d ms, listed in %d ms, removed in %d ms%n",
                entries.size(),
                what,
                (applied - begin) / 1_000_000,
                (listed - applied) / 1_000_000,
                (removed - listed) / 1_000_000);
    }
}
