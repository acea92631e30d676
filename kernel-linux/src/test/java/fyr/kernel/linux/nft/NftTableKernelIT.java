package fyr.kernel.linux.nft;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Delta;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(NoLeaks.class)
final class NftTableKernelIT {

    private final TreeMap<NftKey, NftObject> plan = new TreeMap<>();
    private NftTable table = NftTable.open();

    @BeforeEach
    void clean() {
        table.close();
        sh("nft flush ruleset");
        table = NftTable.open();
    }

    @AfterEach
    void close() {
        table.close();
        sh("nft flush ruleset");
    }

    private void put(NftKey key, NftObject object) {
        plan.put(key, object);
    }

    private void apply() {
        table.apply(new Delta<>(plan, new TreeSet<>()));
        assertThat(table.list()).isEqualTo(plan);
    }

    private void apply(Map<NftKey, NftObject> upserts, NftKey... deletes) {
        table.apply(new Delta<>(new TreeMap<>(upserts), new TreeSet<>(List.of(deletes))));
        plan.putAll(upserts);
        List.of(deletes).forEach(plan::remove);
        assertThat(table.list()).isEqualTo(plan);
    }

    private static NftKey.ElementKey key(Family family, String set, Bytes key) {
        return new NftKey.ElementKey(family, set, key);
    }

    private static NftObject.Element element(NftData data) {
        return new NftObject.Element(Optional.empty(), data);
    }

    private static NftObject.Element interval(Bytes last) {
        return new NftObject.Element(Optional.of(last), new NftData.None());
    }

    private void nets(Family family) {
        put(new NftKey.TableKey(family), new NftObject.Table());
        NftField address = family == Family.IPV4 ? NftField.IPV4_ADDR : NftField.IPV6_ADDR;
        put(new NftKey.SetKey(family, "nets"), new NftObject.Set(List.of(address), List.of(), false, true));
        put(
                new NftKey.SetKey(family, "marks"),
                new NftObject.Set(List.of(address), List.of(NftField.MARK), false, false));
        put(new NftKey.SetKey(family, "memory"), new NftObject.Memory(List.of(address), List.of(NftField.MARK), 1000));
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void whatIsWrittenIsReadBack(Family family) {
        long seed = 20260101;
        SplittableRandom random = new SplittableRandom(seed);
        nets(family);
        for (int i = 0; i < 40; i++) {
            List<NftRule> rules = new ArrayList<>();
            for (int r = 0; r < random.nextInt(4); r++) {
                rules.add(RandomRules.filter(random, family));
            }
            put(new NftKey.ChainKey(family, "chain-" + i), new NftObject.Chain(Optional.empty(), rules));
        }
        NftHook.Type filter = NftHook.Type.FILTER;
        for (NftHook.Point point : NftHook.Point.values()) {
            NftHook hook = new NftHook(filter, point, random.nextInt(-400, 400), random.nextBoolean());
            put(new NftKey.ChainKey(family, "base-" + point), new NftObject.Chain(Optional.of(hook), List.of()));
        }
        for (NftHook.Point point : List.of(NftHook.Point.PREROUTING, NftHook.Point.POSTROUTING)) {
            NftHook hook = new NftHook(NftHook.Type.NAT, point, 100, false);
            List<NftRule> rules = RandomRules.nat(family, point);
            put(new NftKey.ChainKey(family, "nat-" + point), new NftObject.Chain(Optional.of(hook), rules));
        }
        NftKey rejecting = new NftKey.ChainKey(family, "base-FORWARD");
        NftHook forward = new NftHook(filter, NftHook.Point.FORWARD, 5, true);
        put(rejecting, new NftObject.Chain(Optional.of(forward), RandomRules.rejects()));
        apply();
        assertThat(sh("nft list table " + NftKey.word(family) + " fyr")).contains("comment \"rule ");
    }

    @Test
    void intervalsAdjacentOrAtTheEndOfTheAddressSpace() {
        nets(Family.IPV4);
        put(key(Family.IPV4, "nets", Bytes.u32(0x0a000000)), interval(Bytes.u32(0x0affffff)));
        put(key(Family.IPV4, "nets", Bytes.u32(0x0b000000)), interval(Bytes.u32(0x0b0000ff)));
        put(key(Family.IPV4, "nets", Bytes.u32(0)), interval(Bytes.u32(0)));
        put(key(Family.IPV4, "nets", Bytes.u32(0xff000000)), interval(Bytes.u32(0xffffffff)));
        apply();
        assertThat(sh("nft list set ip fyr nets")).contains("10.0.0.0/8", "11.0.0.0/24", "255.0.0.0/8");
        apply(Map.of(key(Family.IPV4, "nets", Bytes.u32(0x0a000000)), interval(Bytes.u32(0x0a00ffff))));
        assertThat(sh("nft list set ip fyr nets")).contains("10.0.0.0/16");
        // Adds a new interval in place of one that is removed.
        apply(
                Map.of(key(Family.IPV4, "nets", Bytes.u32(0x0a000100)), interval(Bytes.u32(0x0b000001))),
                key(Family.IPV4, "nets", Bytes.u32(0x0a000000)),
                key(Family.IPV4, "nets", Bytes.u32(0x0b000000)),
                key(Family.IPV4, "nets", Bytes.u32(0xff000000)));
        assertThat(sh("nft list set ip fyr nets")).contains("10.0.1.0-11.0.0.1");
    }

    @Test
    void intervalsOfIpv6() {
        nets(Family.IPV6);
        Bytes first = Bytes.of(IpAddress.parse("fd00::").toBytes());
        Bytes last = Bytes.of(IpAddress.parse("fd00::ffff:ffff:ffff:ffff").toBytes());
        put(key(Family.IPV6, "nets", first), interval(last));
        put(key(Family.IPV6, "nets", Bytes.of(new byte[16])), interval(Ranges.last(16)));
        plan.remove(key(Family.IPV6, "nets", Bytes.of(new byte[16])));
        apply();
        assertThat(sh("nft list set ip6 fyr nets")).contains("fd00::/64");
        apply(Map.of(), key(Family.IPV6, "nets", first));
        apply(Map.of(key(Family.IPV6, "nets", Bytes.of(new byte[16])), interval(Ranges.last(16))));
        assertThat(sh("nft list set ip6 fyr nets")).contains("::/0");
    }

    @ParameterizedTest
    @EnumSource(Family.class)
    void rangesBehindExactFields(Family family) {
        NftField address = family == Family.IPV4 ? NftField.IPV4_ADDR : NftField.IPV6_ADDR;
        put(new NftKey.TableKey(family), new NftObject.Table());
        List<NftField> key = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE, address);
        put(new NftKey.SetKey(family, "ranges"), new NftObject.Set(key, List.of(), true, true));
        for (int port = 1; port <= 300; port++) {
            put(range(family, port, 0), range(family, port, 255, new NftVerdict.Accept()));
            put(range(family, port, 512), range(family, port, 512, new NftVerdict.Drop()));
        }
        apply();
        String first = family == Family.IPV4 ? "10.0.0.1 . 6 . 7 . 10.0.0." : "fd00::1 . 6 . 7 . fd00::";
        String block = first + (family == Family.IPV4 ? "0/24" : "/120");
        String list = "nft -n list set " + NftKey.word(family) + " fyr ranges";
        assertThat(sh(list.replace("set", "map"))).contains("flags interval", block + " : accept");
        apply(Map.of(range(family, 7, 0), range(family, 7, 300, new NftVerdict.Drop())));
        assertThat(table.read(new TreeSet<>(List.of(range(family, 7, 0), range(family, 7, 9), range(family, 9, 512)))))
                .as("a key inside a range is no element")
                .isEqualTo(Map.of(
                        range(family, 7, 0),
                        range(family, 7, 300, new NftVerdict.Drop()),
                        range(family, 9, 512),
                        range(family, 9, 512, new NftVerdict.Drop())));
        apply(
                Map.of(range(family, 7, 9), range(family, 7, 900, new NftVerdict.Accept())),
                range(family, 7, 0),
                range(family, 7, 512),
                range(family, 7, 513));
        // Others delete a range and change another.
        sh("nft 'delete element %s fyr ranges { %s }'"
                .formatted(NftKey.word(family), block.replace(" 7 ", " 8 ") + " : accept"));
        assertThat(table.list()).hasSize(plan.size() - 1).doesNotContainKey(range(family, 8, 0));
        table.apply(new Delta<>(plan, new TreeSet<>()));
        assertThat(table.list()).isEqualTo(plan);
    }

    private static Bytes key(Family family, int port, int last) {
        IpAddress network = IpAddress.parse(family == Family.IPV4 ? "10.0.0.0" : "fd00::");
        return Bytes.concatenate(
                Bytes.of(network.plus(1).toBytes()),
                Bytes.u8(6),
                Bytes.u16(port),
                Bytes.of(network.plus(last).toBytes()));
    }

    private static NftKey range(Family family, int port, int first) {
        return key(family, "ranges", key(family, port, first));
    }

    private static NftObject range(Family family, int port, int last, NftVerdict verdict) {
        return new NftObject.Element(Optional.of(key(family, port, last)), new NftData.Verdict(verdict));
    }

    @Test
    void aValueIsReplacedAndAbsenceIsNoError() {
        nets(Family.IPV4);
        for (int i = 0; i < 1000; i++) {
            put(key(Family.IPV4, "marks", Bytes.u32(i)), element(new NftData.Value(Bytes.host32(i))));
        }
        apply();
        NftKey five = key(Family.IPV4, "marks", Bytes.u32(5));
        apply(Map.of(five, element(new NftData.Value(Bytes.host32(55)))));
        apply(Map.of(), five);
        apply(Map.of(), five, key(Family.IPV4, "nets", Bytes.u32(7)), new NftKey.ChainKey(Family.IPV4, "none"));
        // Changes more elements than get a message each.
        TreeMap<NftKey, NftObject> changed = new TreeMap<>();
        for (int i = 0; i < 900; i++) {
            changed.put(key(Family.IPV4, "marks", Bytes.u32(i)), element(new NftData.Value(Bytes.host32(i % 7))));
        }
        sh("nft delete element ip fyr marks { 0.0.3.132 }");
        apply(changed, key(Family.IPV4, "marks", Bytes.u32(900)), key(Family.IPV4, "marks", Bytes.u32(950)));
    }

    @Test
    void whatCannotBeChangedInPlaceIsRebuilt() {
        nets(Family.IPV4);
        NftKey chain = new NftKey.ChainKey(Family.IPV4, "input");
        NftRule rule = new NftRule(
                "uses it",
                List.of(
                        new NftExpression.Payload(NftExpression.Base.NETWORK, 12, 4, 0),
                        new NftExpression.Member("nets", 0, true)));
        put(
                chain,
                new NftObject.Chain(
                        Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false)), List.of(rule)));
        put(key(Family.IPV4, "marks", Bytes.u32(5)), element(new NftData.Value(Bytes.host32(6))));
        apply();
        apply(Map.of(
                chain,
                new NftObject.Chain(
                        Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.FORWARD, 7, true)), List.of(rule))));
        apply(Map.of(chain, new NftObject.Chain(Optional.empty(), List.of(rule))));
        NftObject.Set other = new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), false, false);
        apply(Map.of(new NftKey.SetKey(Family.IPV4, "nets"), other));
        // Another program changes the chain, so what the table remembers is outdated.
        sh("nft 'delete chain ip fyr input; add chain ip fyr input { type filter hook input priority 5; }'");
        apply(Map.of(
                chain,
                new NftObject.Chain(
                        Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 6, false)), List.of(rule))));
    }

    @Test
    void whatOthersDidIsSeenAndPutRight() {
        nets(Family.IPV4);
        NftKey chain = new NftKey.ChainKey(Family.IPV4, "c");
        NftRule rule = new NftRule(
                "a", List.of(new NftExpression.Counter(), new NftExpression.Verdict(new NftVerdict.Accept())));
        put(chain, new NftObject.Chain(Optional.empty(), List.of(rule, rule)));
        apply();
        sh(
                "nft add rule ip fyr c limit rate 5/second accept; nft add set ip fyr x '{ type ether_addr; }'; nft add table ip other");
        var seen = table.list();
        assertThat(seen.get(chain)).isEqualTo(new NftObject.Foreign("expression limit"));
        assertThat(seen.get(new NftKey.SetKey(Family.IPV4, "x"))).isInstanceOf(NftObject.Foreign.class);
        apply(Map.of(chain, new NftObject.Chain(Optional.empty(), List.of(rule))), new NftKey.SetKey(Family.IPV4, "x"));
        sh("nft flush chain ip fyr c");
        assertThat(table.list().get(chain)).isEqualTo(new NftObject.Chain(Optional.empty(), List.of()));
        apply(Map.of(chain, new NftObject.Chain(Optional.empty(), List.of(rule))));
        assertThat(sh("nft list tables")).contains("table ip other");
        apply(Map.of(), plan.keySet().toArray(NftKey[]::new));
        assertThat(sh("nft list tables")).isEqualTo("table ip other\n");
    }

    /**
     * Uses about half the send buffer that an ordinary user can have: net.core.wmem_max (212,992), which the kernel doubles (sk_setsockopt,
     * SO_SNDBUF). Privileged users (SO_SNDBUFFORCE) also get only what is requested here.
     */
    @Test
    void whatIsTooLargeForOneTransactionIsCutIntoSeveral() {
        ServiceRuleset ruleset = new ServiceRuleset(Family.IPV6, List.of(1, 2));
        for (int i = 0; i < 2000; i++) {
            List<IpAddress> endpoints = List.of(
                    IpAddress.parse("fd00:1::").plus(i),
                    IpAddress.parse("fd00:2::").plus(i));
            ruleset.service(IpAddress.parse("fd00:96::").plus(i), 6, 80, endpoints, 8080);
        }
        try (NftTable narrow = NftTable.open(100_000)) {
            narrow.apply(ruleset.creation());
            assertThat(narrow.list()).isEqualTo(ruleset.objects);
            TreeMap<NftKey, NftObject> before = new TreeMap<>(ruleset.objects);
            for (int i = 0; i < 1500; i++) {
                IpAddress service = IpAddress.parse("fd00:96::").plus(i);
                ruleset.service(
                        service, 6, 80, List.of(IpAddress.parse("fd00:3::").plus(i)), 8080);
            }
            narrow.apply(Delta.between(before, PersistentMap.of(ruleset.objects)));
            assertThat(narrow.list()).isEqualTo(ruleset.objects);
            // A rebuild writes the whole table at once.
            NftKey prerouting = new NftKey.ChainKey(Family.IPV6, "prerouting");
            NftHook later = new NftHook(NftHook.Type.NAT, NftHook.Point.PREROUTING, -90, false);
            NftObject moved = new NftObject.Chain(Optional.of(later), List.of());
            narrow.apply(new Delta<>(new TreeMap<>(Map.of(prerouting, moved)), new TreeSet<>()));
            ruleset.objects.put(prerouting, moved);
            assertThat(narrow.list()).isEqualTo(ruleset.objects);
            narrow.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(ruleset.objects.keySet())));
            assertThat(narrow.list()).isEmpty();
        }
    }

    @Test
    void errorsNameTheObject() {
        nets(Family.IPV4);
        apply();
        NftRule rule = new NftRule("", List.of(new NftExpression.Member("absent", 0, false)));
        assertThatThrownBy(() -> table.apply(new Delta<>(
                        new TreeMap<>(Map.of(
                                new NftKey.ChainKey(Family.IPV4, "c"),
                                new NftObject.Chain(Optional.empty(), List.of(rule)))),
                        new TreeSet<>())))
                .isInstanceOf(KernelException.class)
                .hasMessageContaining("NFT_MSG_NEWRULE chain ip fyr c: ENOENT");
        NftKey lost = key(Family.IPV4, "lost", Bytes.u32(1));
        assertThatThrownBy(() -> table.apply(
                        new Delta<>(new TreeMap<>(Map.of(lost, element(new NftData.None()))), new TreeSet<>())))
                .hasMessageContaining("NFT_MSG_NEWSETELEM element ip fyr lost 00000001: ENOENT");
        assertThat(table.list()).isEqualTo(plan);
    }
}
