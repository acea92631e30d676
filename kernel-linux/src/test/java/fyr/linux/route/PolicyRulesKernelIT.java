package fyr.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.linux.Command;
import fyr.linux.libc.NoLeaks;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkSocket;
import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class PolicyRulesKernelIT {

    @Test
    void asIpSeesThem() {
        PolicyRule four = new PolicyRule(Family.IPV4, 100, Optional.of(Prefix.parse("10.244.1.0/24")), 0, 0, 1000);
        PolicyRule six = new PolicyRule(Family.IPV6, 101, Optional.empty(), 0x10, 0xf0, 200);
        Command.run("ip rule add priority 99 table 55");
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_ROUTE)) {
            PolicyRules rules = new PolicyRules(socket);
            assertThat(rules.list()).isEmpty();
            rules.add(four);
            rules.add(four);
            rules.add(six);
            assertThat(rules.list()).containsExactly(four, six);
            assertThat(Command.run("ip rule")).contains("100:\tfrom 10.244.1.0/24 lookup 1000 proto 171");
            assertThat(Command.run("ip -6 rule")).contains("101:\tfrom all fwmark 0x10/0xf0 lookup 200 proto 171");
            rules.delete(four);
            rules.delete(four);
            rules.delete(six);
            assertThat(rules.list()).isEmpty();
            assertThat(Command.run("ip rule")).contains("99:\tfrom all lookup 55");
        } finally {
            Command.run("ip rule del priority 99");
        }
    }
}
