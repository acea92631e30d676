package fyr.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.bgp.message.AttributeFault.Handling;
import fyr.bgp.path.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What tcpdump's testers have captured, some of it made to crash a reader. */
class CaptureCorpusPeerIT {

    /** Captures of routes of IPv4 and IPv6, and of families that are ignored. */
    private static final Set<String> WELL_FORMED = Set.of(
            "bgp-4byte-asn.pcap",
            "bgp-aigp.pcap",
            "bgp-encap.pcap",
            "bgp-evpn.pcap",
            "bgp-large-community.pcap",
            "bgp-lu-multiple-labels.pcap",
            "mpbgp-linklocal-nexthop.pcap");

    private record Captured(String file, byte[] message) {

        boolean isWhole() {
            return ((message[16] & 255) << 8 | message[17] & 255) == message.length;
        }

        boolean isUpdate() {
            return Header.type(message, 0) == Header.UPDATE && isWhole() && message.length >= 23;
        }
    }

    private static final List<Captured> MESSAGES = new ArrayList<>();

    @BeforeAll
    static void read() throws IOException, InterruptedException {
        try (Stream<Path> files = Files.list(Corpora.folder().resolve("tcpdump"))) {
            for (Path file : files.sorted().toList()) {
                for (byte[] stream : Capture.streams(file)) {
                    Capture.messages(stream)
                            .forEach(message ->
                                    MESSAGES.add(new Captured(file.getFileName().toString(), message)));
                }
            }
        }
    }

    private static List<MessageReader> readers(WireOptions options) {
        return Stream.of(PeerKind.values())
                .map(kind -> new MessageReader(options, kind))
                .toList();
    }

    @Test
    void thereIsSomethingToRead() {
        assertThat(MESSAGES.stream().map(Captured::file).distinct()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(MESSAGES.stream().filter(Captured::isUpdate)).hasSizeGreaterThan(50);
        System.out.printf(
                "%d messages in %d captures, %d of them UPDATEs%n",
                MESSAGES.size(),
                MESSAGES.stream().map(Captured::file).distinct().count(),
                MESSAGES.stream().filter(Captured::isUpdate).count());
    }

    @Test
    void allAreReadOrRefused() {
        for (WireOptions options : RandomMessages.allOptions()) {
            for (MessageReader reader : readers(options)) {
                for (Captured captured : MESSAGES) {
                    isRead(reader, options, captured);
                }
            }
        }
    }

    /** Each message with a few bytes changed, many times. */
    @Test
    void changedOnesAreReadOrRefused() {
        Random random = new Random(1);
        List<WireOptions> all = RandomMessages.allOptions();
        for (Captured captured : MESSAGES) {
            for (int i = 0; i < 100 && captured.message().length > Header.BYTES; i++) {
                byte[] changed = captured.message().clone();
                for (int j = random.nextInt(4); j >= 0; j--) {
                    int at = Header.BYTES + random.nextInt(changed.length - Header.BYTES);
                    changed[at] = (byte) (random.nextBoolean() ? random.nextInt(33) : random.nextInt());
                }
                WireOptions options = all.get(random.nextInt(all.size()));
                for (MessageReader reader : readers(options)) {
                    isRead(reader, options, new Captured(captured.file(), changed));
                }
            }
        }
    }

    /** What real speakers said to each other is accepted as it is, with AS numbers of one of the lengths. */
    @Test
    void whatIsWellFormedIsAccepted() {
        List<MessageReader> readers = Stream.of(true, false)
                .map(four ->
                        new WireOptions(four, true, true, Set.of(AddressFamily.IPV4, AddressFamily.IPV6), Set.of()))
                .map(options -> new MessageReader(options, PeerKind.INTERNAL))
                .toList();
        List<Captured> updates = MESSAGES.stream()
                .filter(each -> each.isUpdate() && WELL_FORMED.contains(each.file()))
                .toList();
        assertThat(updates)
                .hasSizeGreaterThan(10)
                .allSatisfy(each -> assertThat(readers)
                        .as(each.file())
                        .anyMatch(reader -> reader.read(each.message(), 0).faults().stream()
                                .noneMatch(fault -> fault.handling() == Handling.TREATED_AS_WITHDRAWN)));
    }

    private static boolean isRead(MessageReader reader, WireOptions options, Captured captured) {
        try {
            if (reader.length(captured.message(), 0) > captured.message().length) {
                return false; // a message that was cut
            }
            assertThat(reader.read(captured.message(), 0).toString()).isNotEmpty();
            return true;
        } catch (NotificationException reset) {
            boolean may = !captured.isUpdate() || ResetOracle.mayReset(captured.message(), options);
            boolean header = reset.notification().code() == ErrorCode.HEADER;
            assertThat(may || header)
                    .as("%s: %s", captured.file(), reset.getMessage())
                    .isTrue();
            return false;
        }
    }
}
