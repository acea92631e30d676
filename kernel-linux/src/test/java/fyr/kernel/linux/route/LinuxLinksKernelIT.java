package fyr.kernel.linux.route;

import static fyr.kernel.linux.Witness.sh;
import static fyr.kernel.linux.route.Overlays.ip;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.linux.libc.NoLeaks;
import fyr.model.address.Prefix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LinuxLinksKernelIT {
    private final Overlays overlays = new Overlays();

    @AfterEach
    void close() {
        overlays.close();
    }

    @Test
    void theLinkOfAnAddress() {
        sh("ip link add host0 type bridge");
        sh("ip addr add 172.18.0.11/24 dev host0");
        sh("ip addr add 2001:db8:5::11/64 dev host0");
        assertThat(new LinuxLinks(overlays.socket).withAddress(ip("172.18.0.11")))
                .hasValueSatisfying(link -> {
                    assertThat(link.name()).isEqualTo("host0");
                    assertThat(link.mtu()).isEqualTo(1500);
                    assertThat(link.subnets())
                            .containsExactly(Prefix.parse("172.18.0.0/24"), Prefix.parse("2001:db8:5::/64"));
                });
        assertThat(new LinuxLinks(overlays.socket).withAddress(ip("172.18.0.12")))
                .isEmpty();
        assertThat(new LinuxLinks(overlays.socket).addresses())
                .contains(ip("172.18.0.11"), ip("2001:db8:5::11"))
                .doesNotContain(ip("172.18.0.12"));
        sh("ip link del host0");
    }
}
