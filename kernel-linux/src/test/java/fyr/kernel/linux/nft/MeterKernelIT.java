package fyr.kernel.linux.nft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests a rule that counts each key separately, with real packets. nft shows what the kernel holds. */
class MeterKernelIT {

    private static final int PER_SECOND = 1;
    private static final int BURST = 10;

    private static SortedMap<NftKey, NftObject> ruleset(Family family, int perSecond, int size) {
        int offset = family == Family.IPV4 ? 12 : 8;
        NftField address = family == Family.IPV4 ? NftField.IPV4_ADDR : NftField.IPV6_ADDR;
        SortedMap<NftKey, NftObject> objects = new TreeMap<>();
        objects.put(new NftKey.TableKey(family), new NftObject.Table());
        objects.put(new NftKey.SetKey(family, "clients"), new NftObject.Meter(List.of(address), 60, size));
        objects.put(
                new NftKey.ChainKey(family, "limit"),
                new NftObject.Chain(
                        Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.PREROUTING, -300, false)),
                        List.of(new NftRule(
                                "limit",
                                List.of(
                                        new NftExpression.Meta(NftExpression.MetaKey.L4PROTO, 0),
                                        new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.u8(17)),
                                        new NftExpression.Payload(
                                                NftExpression.Base.NETWORK, offset, family.bytes(), 0),
                                        new NftExpression.OverRate("clients", 0, perSecond, BURST),
                                        new NftExpression.Verdict(new NftVerdict.Drop()))))));
        return objects;
    }

    private static int sent(String from, String to, int count) throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getByName(to));
                DatagramSocket client = new DatagramSocket(0, InetAddress.getByName(from))) {
            server.setSoTimeout(300);
            for (int i = 0; i < count; i++) {
                client.send(new DatagramPacket(new byte[1], 1, server.getLocalSocketAddress()));
            }
            int received = 0;
            try {
                while (true) {
                    server.receive(new DatagramPacket(new byte[1], 1));
                    received++;
                }
            } catch (SocketTimeoutException silence) {
                return received;
            }
        }
    }

    private static String nft(Family family) throws Exception {
        Process process = new ProcessBuilder("nft", "list", "table", NftKey.word(family), "fyr")
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), UTF_8);
    }

    @Test
    void eachKeyHasItsRateAndWhatIsBeyondIsCounted() throws Exception {
        try (NetworkNamespace here = NetworkNamespace.current();
                Wiring wiring = Wiring.in(here)) {
            wiring.up("lo");
        }
        try (NftTable table = NftTable.open();
                MeterReader meters = MeterReader.open()) {
            for (Family family : Family.values()) {
                NftKey.SetKey meter = new NftKey.SetKey(family, "clients");
                assertThat(meters.counts(meter)).as("none yet").isEmpty();
                SortedMap<NftKey, NftObject> ruleset = ruleset(family, PER_SECOND, 100);
                table.apply(new Delta<>(ruleset, new TreeSet<>()));
                String first = family == Family.IPV4 ? "127.0.0.1" : "::1";
                assertThat(sent(first, first, 100)).isBetween(BURST, BURST + 3);
                Bytes key = Bytes.of(InetAddress.getByName(first).getAddress());
                long beyond = meters.counts(meter).getOrDefault(key, 0L);
                assertThat(beyond).isBetween(100L - BURST - 3, 100L - BURST);
                if (family == Family.IPV4) {
                    assertThat(sent("127.0.0.2", first, BURST))
                            .as("another client")
                            .isEqualTo(BURST);
                    assertThat(meters.counts(meter)).hasSize(2).containsValue(0L);
                }
                // Elements that rules added are not drift, and the rule is read as it was written.
                assertThat(table.list()).containsAllEntriesOf(ruleset);
                assertThat(table.list().keySet()).noneMatch(NftKey.ElementKey.class::isInstance);
                assertThat(nft(family)).contains("limit rate over 1/second burst 10 packets", "size 100", "timeout 1m");
                // Another size makes another set, and another rate another rule.
                SortedMap<NftKey, NftObject> other = ruleset(family, 50, 200);
                table.apply(new Delta<>(other, new TreeSet<>()));
                assertThat(table.list()).containsAllEntriesOf(other);
                assertThat(meters.counts(meter)).isEmpty();
                table.apply(new Delta<>(
                        new TreeMap<>(), new TreeSet<>(Map.copyOf(other).keySet())));
            }
        }
    }

    private static SortedMap<NftKey, NftObject> countRuleset(Family family, int most) {
        PacketField source = new PacketField(family);
        SortedMap<NftKey, NftObject> objects = new TreeMap<>();
        objects.put(new NftKey.TableKey(family), new NftObject.Table());
        objects.put(new NftKey.SetKey(family, "links"), new NftObject.Meter(List.of(source.type()), 0, 100));
        objects.put(
                new NftKey.ChainKey(family, "cap"),
                new NftObject.Chain(
                        Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.PREROUTING, -150, false)),
                        List.of(new NftRule(
                                "cap",
                                List.of(
                                        new NftExpression.Meta(NftExpression.MetaKey.L4PROTO, 0),
                                        new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.u8(17)),
                                        new NftExpression.Ct(NftExpression.CtKey.STATE, 0),
                                        new NftExpression.Bitwise(0, 0, Bytes.host32(8), Bytes.host32(0)),
                                        new NftExpression.Compare(0, NftExpression.Operator.NOT_EQUAL, Bytes.host32(0)),
                                        source.load(),
                                        new NftExpression.OverCount("links", 0, most),
                                        new NftExpression.Verdict(new NftVerdict.Drop()))))));
        return objects;
    }

    /** The source address of a family. */
    private record PacketField(Family family) {

        NftField type() {
            return family == Family.IPV4 ? NftField.IPV4_ADDR : NftField.IPV6_ADDR;
        }

        NftExpression load() {
            return new NftExpression.Payload(
                    NftExpression.Base.NETWORK, family == Family.IPV4 ? 12 : 8, family.bytes(), 0);
        }
    }

    /** How many of so many connections, of one datagram each, arrive; so many are waited for. */
    private static int connections(String address, int count, int expected) throws Exception {
        try (DatagramSocket server = new DatagramSocket(0, InetAddress.getByName(address))) {
            for (int i = 0; i < count; i++) {
                try (DatagramSocket client = new DatagramSocket(0, InetAddress.getByName(address))) {
                    client.send(new DatagramPacket(new byte[1], 1, server.getLocalSocketAddress()));
                }
            }
            int received = 0;
            try {
                while (true) {
                    server.setSoTimeout(received < expected ? 10_000 : 300);
                    server.receive(new DatagramPacket(new byte[1], 1));
                    received++;
                }
            } catch (SocketTimeoutException silence) {
                return received;
            }
        }
    }

    private static void forgetConnections(Family family) throws Exception {
        String name = family == Family.IPV4 ? "ipv4" : "ipv6";
        new ProcessBuilder("conntrack", "-D", "-f", name)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }

    @Test
    void eachKeyHasSoManyConnectionsAtOnceAndMoreWhenSomeEnd() throws Exception {
        try (NetworkNamespace here = NetworkNamespace.current();
                Wiring wiring = Wiring.in(here)) {
            wiring.up("lo");
        }
        try (NftTable table = NftTable.open();
                MeterReader meters = MeterReader.open()) {
            for (Family family : Family.values()) {
                String address = family == Family.IPV4 ? "127.0.0.1" : "::1";
                Bytes key = Bytes.of(InetAddress.getByName(address).getAddress());
                NftKey.SetKey meter = new NftKey.SetKey(family, "links");
                SortedMap<NftKey, NftObject> ruleset = countRuleset(family, 5);
                table.apply(new Delta<>(ruleset, new TreeSet<>()));
                assertThat(table.list()).as("read as written").containsAllEntriesOf(ruleset);
                assertThat(connections(address, 12, 5)).as("%s", family).isEqualTo(5);
                assertThat(meters.counts(meter)).containsEntry(key, 7L);
                assertThat(nft(family)).contains("ct count over 5", "flags dynamic\n");
                assertThat(table.list()).as("elements are not drift").containsAllEntriesOf(ruleset);
                forgetConnections(family);
                assertThat(connections(address, 3, 3)).as("there is room again").isEqualTo(3);
                forgetConnections(family);
                for (long end = System.nanoTime() + 10_000_000_000L;
                        !meters.counts(meter).isEmpty();
                        Thread.sleep(100)) {
                    assertThat(System.nanoTime())
                            .as("a key without connections is forgotten")
                            .isLessThan(end);
                }
                table.apply(new Delta<>(
                        new TreeMap<>(), new TreeSet<>(Map.copyOf(ruleset).keySet())));
            }
        }
    }
}
