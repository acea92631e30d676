package fyr.kernel.linux.conntrack;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.conntrack.ConntrackEntry;
import fyr.kernel.conntrack.ConntrackUse;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.netlink.Netlink;
import fyr.kernel.linux.netlink.NetlinkSocket;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
final class ConntrackTableKernelIT {

    private static final int TCP = 6;
    private static final int UDP = 17;
    private static final String ASKED = "--state SYN_SENT";
    private static final String ANSWERED = "--state ESTABLISHED --status SEEN_REPLY,ASSURED";

    private static void connection(String protocol, String source, String destination, String target, int port) {
        String state = protocol.equals("tcp") ? " --state ESTABLISHED --status SEEN_REPLY,ASSURED" : "";
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
                                IpAddress.parse("10.1.0.2"), IpAddress.parse("10.0.0.1"), TCP, 5353, 8),
                        true));
    }

    /** Options of {@code conntrack -I} for a protocol with ports. */
    private static String ports(String protocol, int source, int destination) {
        return "-p %1$s --orig-port-src %2$d --orig-port-dst %3$d --reply-port-src %3$d --reply-port-dst %2$d "
                .formatted(protocol, source, destination);
    }

    /** Inserts an entry of a protocol with the addresses of both directions. */
    private static void entry(String protocol, String source, String destination, String replySource, String replyTo) {
        sh("conntrack -I -s %s -d %s -r %s -q %s --timeout 100 %s"
                .formatted(source, destination, replySource, replyTo, protocol));
    }

    private static String everything() {
        return sh("conntrack -L 2>&1");
    }

    /** Covers every protocol, every position of the address and both families: a pod must find no entries of the previous pod with its address. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deletesAllEntriesOfAddresses(boolean searched) {
        entry(ports("udp", 1, 53), "10.0.0.1", "10.0.0.2", "10.0.0.2", "10.0.0.1");
        entry(ports("udp", 2, 53), "10.0.0.3", "10.0.0.1", "10.0.0.1", "10.0.0.3");
        entry(ports("udp", 3, 53), "10.0.0.3", "10.96.0.10", "10.0.0.1", "10.0.0.3");
        entry(ports("udp", 4, 53), "10.0.0.3", "192.0.2.9", "192.0.2.9", "10.0.0.1");
        entry(ports("tcp", 5, 80) + ANSWERED, "10.0.0.3", "10.96.0.10", "10.0.0.1", "10.0.0.3");
        entry(ports("tcp", 6, 80) + ASKED, "10.0.0.1", "10.0.0.4", "10.0.0.4", "10.0.0.1");
        entry("-p icmp --icmp-type 8 --icmp-code 0 --icmp-id 7", "10.0.0.3", "10.0.0.1", "10.0.0.1", "10.0.0.3");
        entry(
                ports("sctp", 8, 9) + "--state ESTABLISHED --orig-vtag 1 --reply-vtag 2",
                "10.0.0.1",
                "10.0.0.2",
                "10.0.0.2",
                "10.0.0.1");
        entry(ports("udp", 9, 53), "fd00::3", "fd00:96::10", "fd00::1", "fd00::3");
        entry(ports("tcp", 10, 80) + ANSWERED, "fd00::1", "fd00::2", "fd00::2", "fd00::1");
        entry("-p icmpv6 --icmpv6-type 128 --icmpv6-code 0 --icmpv6-id 7", "fd00::3", "fd00::1", "fd00::1", "fd00::3");
        assertThat(everything().lines().filter(line -> line.contains("src="))).hasSize(11);
        entry(ports("udp", 21, 53), "10.0.0.11", "10.0.0.2", "10.0.0.2", "10.0.0.11");
        entry(ports("udp", 22, 53), "fd00::11", "fd00::2", "fd00::2", "fd00::11");
        try (ConntrackTable table = ConntrackTable.open()) {
            assertThat(table.deleteOf(Set.of(IpAddress.parse("10.0.0.99")))).isZero();
            Set<IpAddress> gone = Set.of(IpAddress.parse("10.0.0.1"), IpAddress.parse("fd00::1"));
            assertThat(searched ? table.deleteSearched(gone) : table.deleteListed(gone))
                    .isEqualTo(11);
            assertThat(table.deleteOf(gone)).isZero();
        }
        assertThat(everything().lines().filter(line -> line.contains("src=")))
                .hasSize(2)
                .anyMatch(line -> line.contains("src=10.0.0.11 "))
                .anyMatch(line -> line.contains("src=fd00::11 "));
    }

    /** The kernel lists only the entries that are asked for. */
    @Test
    void theKernelLooksForAddresses() {
        entry(ports("udp", 1, 53), "10.0.0.1", "10.96.0.10", "10.1.0.2", "10.0.0.5");
        entry(ports("udp", 2, 53), "10.0.0.2", "10.96.0.11", "10.1.0.3", "10.0.0.2");
        List<String> addresses = List.of("10.0.0.1", "10.96.0.10", "10.1.0.2", "10.0.0.5");
        try (NetlinkSocket socket = NetlinkSocket.open(Netlink.NETLINK_NETFILTER)) {
            for (ConntrackMessages.Place place : ConntrackMessages.Place.values()) {
                for (String address : addresses) {
                    assertThat(socket.dump(
                                    "IPCTNL_MSG_CT_GET",
                                    ConntrackMessages.list(IpAddress.parse(address), place),
                                    ConntrackMessages::read))
                            .as("%s as %s", address, place)
                            .hasSize(addresses.indexOf(address) == place.ordinal() ? 1 : 0);
                }
            }
        }
    }

    @Test
    void deletesWhatNobodyAnswered() {
        entry(ports("tcp", 1, 80) + ASKED, "10.0.0.1", "10.96.0.10", "10.1.0.3", "10.0.0.1");
        entry(ports("tcp", 2, 80) + ANSWERED, "10.0.0.1", "10.96.0.10", "10.1.0.3", "10.0.0.1");
        entry(ports("tcp", 3, 80) + ASKED, "fd00::1", "fd00:96::10", "fd00:b::3", "fd00::1");
        entry(ports("tcp", 4, 80) + ANSWERED, "fd00::1", "fd00:96::10", "fd00:b::3", "fd00::1");
        try (ConntrackTable table = ConntrackTable.open()) {
            List<ConntrackEntry> seen = new ArrayList<>();
            assertThat(table.deleteUnreplied(Duration.ZERO, entry -> !seen.add(entry)))
                    .isZero();
            assertThat(seen).hasSize(2).noneMatch(ConntrackEntry::replied);
            assertThat(table.deleteUnreplied(Duration.ZERO, _ -> true)).isEqualTo(2);
        }
        assertThat(everything()).contains("sport=2", "sport=4").doesNotContain("SYN_SENT");
    }

    /** Without its entry, an answer that is on its way would reach the client from an address that it did not ask. */
    @Test
    void whatIsAnsweredMeanwhileStays() throws Exception {
        entry(ports("tcp", 1, 80) + ASKED, "10.0.0.1", "10.96.0.10", "10.1.0.3", "10.0.0.1");
        entry(ports("tcp", 2, 80) + ASKED, "10.0.0.1", "10.96.0.10", "10.1.0.3", "10.0.0.1");
        try (ConntrackTable table = ConntrackTable.open()) {
            CountDownLatch looked = new CountDownLatch(1);
            Thread answer = Thread.ofPlatform().start(() -> {
                try {
                    looked.await();
                    sh(
                            "conntrack -U -p tcp --orig-src 10.0.0.1 --orig-port-src 2 --state ESTABLISHED --status SEEN_REPLY,ASSURED");
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
            assertThat(table.deleteUnreplied(Duration.ofSeconds(2), _ -> {
                        looked.countDown();
                        return true;
                    }))
                    .isEqualTo(1);
            answer.join();
        }
        assertThat(everything()).contains("sport=2").doesNotContain("sport=1 ");
    }

    @Test
    void saysHowFullTheTableIs() {
        connection("udp", "10.0.0.1", "10.96.0.10", "10.1.0.2", 7);
        connection("udp", "fd00::1", "fd00:96::10", "fd00:b::2", 7);
        try (ConntrackTable table = ConntrackTable.open()) {
            ConntrackUse use = table.use();
            assertThat(use.entries())
                    .isEqualTo(2)
                    .isEqualTo(Long.parseLong(
                            sh("cat /proc/sys/net/netfilter/nf_conntrack_count").strip()));
            assertThat(use.max())
                    .isEqualTo(Long.parseLong(
                            sh("cat /proc/sys/net/netfilter/nf_conntrack_max").strip()));
            assertThat(use.insertFailed()).isEqualTo(counted("insert_failed"));
            assertThat(use.drop()).isEqualTo(counted("drop"));
            assertThat(use.earlyDrop()).isEqualTo(counted("early_drop"));
        }
    }

    private static long counted(String name) {
        return Pattern.compile("\\b" + name + "=(\\d+)")
                .matcher(sh("conntrack -S"))
                .results()
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .sum();
    }

    /** On Linux 5.8 and later the kernel leaves out the node's many TCP connections when it lists another protocol. */
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

    @Test
    void aSampleHasTheSharesOfTheWholeTable(@TempDir Path directory) throws IOException {
        int all = 20_000;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < all; i++) {
            String source = i % 5 == 0 ? "10.0.1." + i % 250 : "10.0.0.1";
            text.append("-A -s %s -d 192.0.2.1 -r 192.0.2.1 -q %s -p udp --timeout 100".formatted(source, source))
                    .append(" --orig-port-src %d --orig-port-dst 80".formatted(1000 + i))
                    .append(" --reply-port-src 80 --reply-port-dst %d%n".formatted(1000 + i));
        }
        sh("conntrack -R " + Files.writeString(directory.resolve("entries"), text));
        IpAddress most = IpAddress.parse("10.0.0.1");
        try (ConntrackTable table = ConntrackTable.open()) {
            for (int round = 0; round < 3; round++) {
                List<ConntrackEntry> seen = new ArrayList<>();
                table.sample(2_000, seen::add);
                assertThat(seen).hasSizeBetween(2_000, 2_500);
                long ofOne = seen.stream()
                        .filter(entry -> entry.original().source().equals(most))
                        .count();
                assertThat(100.0 * ofOne / seen.size()).isBetween(75.0, 85.0);
            }
            List<ConntrackEntry> whole = new ArrayList<>();
            table.sample(2 * all, whole::add);
            assertThat(whole)
                    .as("after samples that were not read to their end")
                    .hasSize(all);
        }
    }
}
