package fyr.linux.conntrack;

import static fyr.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.linux.libc.NoLeaks;
import fyr.linux.netlink.Netlink;
import fyr.linux.netlink.NetlinkSocket;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class ConntrackTableKernelIT {

    private static final int TCP = 6;
    private static final int UDP = 17;

    private static void connection(String protocol, String source, String destination, String target, int port) {
        String state = protocol.equals("tcp") ? " --state ESTABLISHED" : "";
        sh(
                ("conntrack -I -p %s -s %s -d %s --sport %d --dport 53 -r %s -q %s --reply-port-src 5353 --reply-port-dst %d --timeout 100"
                                + state)
                        .formatted(protocol, source, destination, port, target, source, port));
    }

    @BeforeEach
    @AfterEach
    void flush() {
        sh("conntrack -F");
    }

    @Test
    void deletesWhatPasses() {
        for (int i = 1; i <= 300; i++) {
            connection("udp", "10.0.0.1", "10.96.0.10", i % 2 == 0 ? "10.1.0.2" : "10.1.0.3", i);
        }
        connection("udp", "fd00::1", "fd00:96::10", "fd00:b::2", 7);
        connection("tcp", "10.0.0.1", "10.96.0.10", "10.1.0.2", 8);
        List<ConntrackEntry> seen = new ArrayList<>();
        IpAddress gone = IpAddress.parse("10.1.0.3");
        try (ConntrackTable table = ConntrackTable.open()) {
            assertThat(table.delete(
                            UDP,
                            entry -> seen.add(entry) && entry.reply().source().equals(gone)))
                    .isEqualTo(150);
            assertThat(seen).hasSize(301);
            assertThat(table.delete(UDP, entry -> entry.reply().source().equals(gone)))
                    .isZero();
            assertThat(sh("conntrack -L -p udp")).doesNotContain("10.1.0.3").contains("10.1.0.2");
            IpAddress gone6 = IpAddress.parse("fd00:b::2");
            assertThat(table.delete(UDP, entry -> entry.reply().source().equals(gone6)))
                    .isEqualTo(1);
            assertThat(sh("conntrack -L -f ipv6 -p udp")).doesNotContain("fd00:b::2");
            assertThat(table.delete(TCP, _ -> true)).isEqualTo(1);
        }
    }

    @Test
    void anEntryIsReadAsItIs() {
        connection("tcp", "10.0.0.1", "10.96.0.10", "10.1.0.2", 8);
        List<ConntrackEntry> seen = new ArrayList<>();
        try (ConntrackTable table = ConntrackTable.open()) {
            assertThat(table.delete(TCP, entry -> !seen.add(entry))).isZero();
        }
        assertThat(seen)
                .containsExactly(new ConntrackEntry(
                        new ConntrackEntry.Tuple(
                                IpAddress.parse("10.0.0.1"), IpAddress.parse("10.96.0.10"), TCP, 8, 53),
                        new ConntrackEntry.Tuple(
                                IpAddress.parse("10.1.0.2"), IpAddress.parse("10.0.0.1"), TCP, 5353, 8)));
    }

    /** Linux 5.8 and later: a node's many TCP connections are not even written for us. */
    @Test
    void theKernelListsNoOtherProtocol() {
        connection("udp", "10.0.0.1", "10.96.0.10", "10.1.0.2", 7);
        connection("tcp", "10.0.0.1", "10.96.0.10", "10.1.0.2", 8);
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_NETFILTER)) {
            assertThat(socket.dump(
                            "IPCTNL_MSG_CT_GET", ConntrackMessages.list(Family.IPV4, TCP), ConntrackMessages::read))
                    .extracting(found -> found.entry().original().protocol())
                    .containsExactly(TCP);
        }
    }
}
