package fyr.linux.route;

import static fyr.linux.Witness.sh;
import static fyr.linux.route.Overlays.put;
import static fyr.linux.route.Overlays.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.link.SysctlKey;
import fyr.linux.libc.NoLeaks;
import fyr.linux.namespace.NetworkNamespace;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class SysctlTableKernelIT {
    @Test
    void settings() {
        try (NetworkNamespace here = NetworkNamespace.current()) {
            SysctlTable table = new SysctlTable(here);
            SysctlKey forward = new SysctlKey("net/ipv4/ip_forward");
            SysctlKey ports = new SysctlKey("net/ipv4/ip_local_port_range");
            assertThat(table.list()).isEmpty();
            put(table, Map.of(forward, "1", ports, "20000 30000"));
            assertThat(table.list()).isEqualTo(new TreeMap<>(Map.of(forward, "1", ports, "20000 30000")));
            assertThat(sh("cat /proc/sys/net/ipv4/ip_forward")).isEqualTo("1\n");
            remove(table, Set.of(ports));
            assertThat(table.list()).containsOnlyKeys(forward);
            SysctlKey absent = new SysctlKey("net/ipv4/no_such");
            assertThatThrownBy(() -> put(table, Map.of(absent, "1", ports, "20000 40000")))
                    .hasMessage("open /proc/sys/net/ipv4/no_such: ENOENT");
            assertThat(table.list()).containsEntry(ports, "20000 40000");
        }
    }
}
