package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.MAC;
import static fyr.kernel.linux.route.Overlays.PEER;
import static fyr.kernel.linux.route.Overlays.ip;
import static fyr.kernel.linux.route.Overlays.put;
import static fyr.kernel.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.route.FdbEntry;
import fyr.kernel.route.FdbKey;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class FdbTableKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        overlays.close();
    }

    @Test
    void forwardingEntriesAsBridgeSeesThem() {
        FdbTable fdb = new FdbTable(overlays.socket);
        FdbKey four = new FdbKey("fyr-vxlan4", PEER);
        FdbKey six = new FdbKey("fyr-vxlan6", PEER);
        put(fdb, Map.of(four, new FdbEntry(ip("192.0.2.9")), six, new FdbEntry(ip("2001:db8::9"))));
        put(fdb, Map.of(four, new FdbEntry(ip("192.0.2.2")), six, new FdbEntry(ip("2001:db8::2"))));
        sh("bridge fdb append 00:00:00:00:00:00 dev fyr-vxlan4 dst 192.0.2.77 self permanent");
        assertThat(fdb.list())
                .isEqualTo(new TreeMap<>(
                        Map.of(four, new FdbEntry(ip("192.0.2.2")), six, new FdbEntry(ip("2001:db8::2")))));
        assertThat(sh("bridge fdb show dev fyr-vxlan4")).contains("02:00:00:00:00:02 dst 192.0.2.2 self permanent");
        assertThat(sh("bridge fdb show dev fyr-vxlan6")).contains("02:00:00:00:00:02 dst 2001:db8::2 self permanent");
        sh("bridge fdb del 02:00:00:00:00:02 dev fyr-vxlan4 self");
        sh("bridge fdb add 02:00:00:00:00:02 dev fyr-vxlan4 dst 192.0.2.5 port 99 self permanent");
        assertThat(fdb.list().get(four)).isNotEqualTo(new FdbEntry(ip("192.0.2.5")));
        put(fdb, Map.of(four, new FdbEntry(ip("192.0.2.5"))));
        assertThat(fdb.list()).containsEntry(four, new FdbEntry(ip("192.0.2.5")));
        remove(fdb, Set.of(four, six, new FdbKey("fyr-vxlan4", MAC), new FdbKey("fyr-absent", MAC)));
        assertThat(fdb.list()).isEmpty();
    }

    @Test
    void anAbsentLinkHoldsBackNoOthers() {
        FdbTable fdb = new FdbTable(overlays.socket);
        FdbEntry entry = new FdbEntry(ip("192.0.2.9"));
        FdbKey present = new FdbKey("fyr-vxlan4", PEER);
        assertThatThrownBy(() -> put(fdb, Map.of(new FdbKey("fyr-absent", PEER), entry, present, entry)))
                .hasMessage("RTM_NEWNEIGH 02:00:00:00:00:02 dev fyr-absent: there is no link fyr-absent");
        assertThat(fdb.list()).containsOnlyKeys(present);
    }
}
