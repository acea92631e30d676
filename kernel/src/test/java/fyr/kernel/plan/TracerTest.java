package fyr.kernel.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.kernel.text.NftText;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TracerTest {

    private static final Family FAMILY = Family.IPV4;
    private static final IpAddress CLIENT = IpAddress.parse("10.0.0.1");
    private static final IpAddress SERVICE = IpAddress.parse("10.96.0.1");
    private static final IpAddress BACKEND = IpAddress.parse("10.0.0.2");

    private PersistentMap<NftKey, NftObject> objects = PersistentMap.empty();

    @Test
    void aServiceIsTranslatedOnceForNewConnections() {
        service();
        Packet packet = Packet.first(CLIENT, SERVICE, 6, 40000, 80);
        Trace trace = trace(NftHook.Point.PREROUTING, packet);
        assertThat(trace.outcome()).isEqualTo(new Trace.Translated(BACKEND, 8080));
        assertThat(trace.packet().destination()).isEqualTo(BACKEND);
        assertThat(trace.packet().connection().originalDestination()).isEqualTo(SERVICE);
        assertThat(trace.steps()).extracting(Trace.Step::rule).containsExactly("services", "pick");
        assertThat(trace(NftHook.Point.PREROUTING, packet.in(Packet.ESTABLISHED))
                        .outcome())
                .isEqualTo(new Trace.Accepted());
        assertThat(trace(NftHook.Point.PREROUTING, Packet.first(CLIENT, SERVICE, 17, 40000, 80))
                        .outcome())
                .isEqualTo(new Trace.Accepted());
    }

    @Test
    void aChainsPolicyDropsWhatNoRuleAccepts() {
        chain(
                "base",
                Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.FORWARD, 0, true)),
                List.of(jump("inner")));
        chain(
                "inner",
                Optional.empty(),
                List.of(new NftRule("back", List.of(new NftExpression.Verdict(new NftVerdict.Return())))));
        assertThat(trace(NftHook.Point.FORWARD, Packet.first(CLIENT, BACKEND, 6, 1, 2))
                        .outcome())
                .isEqualTo(new Trace.Dropped("base", ""));
    }

    @Test
    void intervalsIncludeBothEnds() {
        set("blocks", List.of(NftField.INET_SERVICE), List.of(), false, true);
        objects = objects.with(
                new NftKey.ElementKey(FAMILY, "blocks", Bytes.u16(80)),
                new NftObject.Element(Optional.of(Bytes.u16(90)), new NftData.None()));
        chain(
                "base",
                Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false)),
                List.of(new NftRule(
                        "ports",
                        List.of(
                                new NftExpression.Payload(NftExpression.Base.TRANSPORT, 2, 2, 0),
                                new NftExpression.Member("blocks", 0, false),
                                new NftExpression.Verdict(new NftVerdict.Drop())))));
        for (int port : List.of(79, 80, 90, 91)) {
            assertThat(trace(NftHook.Point.INPUT, Packet.first(CLIENT, BACKEND, 6, 1, port))
                            .passed())
                    .as("port %d", port)
                    .isEqualTo(port < 80 || port > 90);
        }
    }

    @Test
    void aRangeBelongsToItsExactFields() {
        set("sources", List.of(NftField.INET_SERVICE, NftField.IPV4_ADDR), List.of(), false, true);
        range(80, "10.0.0.1", "10.0.0.9");
        range(81, "0.0.0.0", "10.0.0.0");
        chain(
                "base",
                Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false)),
                List.of(new NftRule(
                        "sources",
                        List.of(
                                new NftExpression.Payload(NftExpression.Base.TRANSPORT, 2, 2, 0),
                                new NftExpression.Payload(NftExpression.Base.NETWORK, 12, 4, 1),
                                new NftExpression.Member("sources", 0, false),
                                new NftExpression.Verdict(new NftVerdict.Drop())))));
        assertThat(dropped(80, "10.0.0.1")).isTrue();
        assertThat(dropped(80, "10.0.0.9")).isTrue();
        assertThat(dropped(80, "10.0.0.0")).isFalse();
        assertThat(dropped(80, "10.0.0.10")).isFalse();
        assertThat(dropped(81, "10.0.0.0")).isTrue();
        assertThat(dropped(81, "10.0.0.1")).isFalse();
        assertThat(dropped(79, "10.0.0.1")).isFalse();
        assertThat(dropped(82, "10.0.0.1")).isFalse();
        assertThat(NftText.tables(objects.with(new NftKey.TableKey(FAMILY), new NftObject.Table())
                        .sorted()))
                .contains("type inet_service . ipv4_addr", "80 . 10.0.0.1-10.0.0.9,", "th dport . ip saddr @sources");
    }

    private boolean dropped(int port, String source) {
        return !trace(NftHook.Point.INPUT, Packet.first(IpAddress.parse(source), BACKEND, 6, 1, port))
                .passed();
    }

    private void range(int port, String first, String last) {
        objects = objects.with(
                new NftKey.ElementKey(FAMILY, "sources", portAndAddress(port, first)),
                new NftObject.Element(Optional.of(portAndAddress(port, last)), new NftData.None()));
    }

    private static Bytes portAndAddress(int port, String address) {
        return Bytes.concatenate(
                Bytes.u16(port), Bytes.of(IpAddress.parse(address).toBytes()));
    }

    @Test
    void whatRulesRememberIsFoundByLaterPackets() {
        objects = objects.with(new NftKey.TableKey(FAMILY), new NftObject.Table())
                .with(
                        new NftKey.SetKey(FAMILY, "memory"),
                        new NftObject.Memory(List.of(NftField.IPV4_ADDR), List.of(NftField.IPV4_ADDR), 2));
        NftExpression source = new NftExpression.Payload(NftExpression.Base.NETWORK, 12, 4, 0);
        NftExpression destination = new NftExpression.Payload(NftExpression.Base.NETWORK, 16, 4, 1);
        NftExpression drop = new NftExpression.Verdict(new NftVerdict.Drop());
        chain(
                "forget",
                Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false)),
                List.of(new NftRule(
                        "forget", List.of(source, destination, new NftExpression.Forget("memory", 0, 1), drop))));
        chain(
                "remember",
                Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.POSTROUTING, 0, false)),
                List.of(new NftRule(
                        "remember",
                        List.of(source, destination, new NftExpression.Remember("memory", 0, 1, 5400), drop))));
        chain(
                "look",
                Optional.of(new NftHook(NftHook.Type.NAT, NftHook.Point.PREROUTING, 0, false)),
                List.of(new NftRule(
                        "look",
                        List.of(
                                source,
                                new NftExpression.MapLookup("memory", 0, 4),
                                new NftExpression.DestinationNat(4, OptionalInt.empty())))));
        Tracer tracer = new Tracer(objects, new SplittableRandom(1));
        Packet first = Packet.first(CLIENT, SERVICE, 17, 1, 2);
        assertThat(tracer.trace(NftHook.Point.PREROUTING, first).outcome()).isEqualTo(new Trace.Accepted());
        assertThat(tracer.trace(NftHook.Point.POSTROUTING, Packet.first(CLIENT, BACKEND, 17, 1, 2))
                        .passed())
                .isFalse();
        Trace.Outcome remembered = new Trace.Translated(BACKEND, 2);
        assertThat(tracer.trace(NftHook.Point.PREROUTING, first).outcome()).isEqualTo(remembered);
        tracer.trace(NftHook.Point.POSTROUTING, first);
        assertThat(tracer.trace(NftHook.Point.PREROUTING, first).outcome())
                .as("remembering again changes no value")
                .isEqualTo(remembered);
        tracer.trace(NftHook.Point.POSTROUTING, Packet.first(SERVICE, BACKEND, 17, 1, 2));
        assertThat(tracer.trace(NftHook.Point.POSTROUTING, Packet.first(BACKEND, BACKEND, 17, 1, 2))
                        .passed())
                .as("a full map ends the rule")
                .isTrue();
        tracer.trace(NftHook.Point.INPUT, first);
        assertThat(tracer.trace(NftHook.Point.PREROUTING, first).outcome())
                .as("forgotten")
                .isEqualTo(new Trace.Accepted());
        assertThat(trace(NftHook.Point.PREROUTING, Packet.first(SERVICE, SERVICE, 17, 1, 2))
                        .outcome())
                .as("another tracer remembers nothing")
                .isEqualTo(new Trace.Accepted());
        assertThat(NftText.tables(objects.sorted()))
                .contains(
                        "map memory {",
                        "size 2",
                        "update @memory { ip saddr timeout 1h30m : ip daddr } drop",
                        "delete @memory { ip saddr : ip daddr } drop");
    }

    @Test
    void registersDoNotOutliveARule() {
        NftRule load = new NftRule("load", List.of(new NftExpression.Immediate(0, Bytes.u32(1))));
        NftRule read =
                new NftRule("read", List.of(new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.u32(1))));
        chain(
                "base",
                Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false)),
                List.of(load, read));
        assertThatThrownBy(() -> trace(NftHook.Point.INPUT, Packet.first(CLIENT, BACKEND, 6, 1, 2)))
                .hasMessageContaining("read before it is loaded");
    }

    private void service() {
        set(
                "services",
                List.of(NftField.IPV4_ADDR, NftField.INET_PROTO, NftField.INET_SERVICE),
                List.of(NftField.INTEGER),
                false,
                false);
        set("tiers", List.of(NftField.INTEGER), List.of(), true, false);
        set(
                "backends",
                List.of(NftField.INTEGER, NftField.INTEGER),
                List.of(NftField.IPV4_ADDR, NftField.INET_SERVICE),
                false,
                false);
        element(
                "services",
                Bytes.concatenate(Bytes.of(SERVICE.toBytes()), Bytes.u8(6), Bytes.u16(80)),
                new NftData.Value(Bytes.u32(1)));
        element("tiers", Bytes.u32(1), new NftData.Verdict(new NftVerdict.Goto("pick-1")));
        element(
                "backends",
                Bytes.concatenate(Bytes.u32(1), Bytes.host32(0)),
                new NftData.Value(Bytes.concatenate(Bytes.of(BACKEND.toBytes()), Bytes.u16(8080))));
        NftRule lookup = new NftRule(
                "services",
                List.of(
                        new NftExpression.Payload(NftExpression.Base.NETWORK, 16, 4, 0),
                        new NftExpression.Meta(NftExpression.MetaKey.L4PROTO, 1),
                        new NftExpression.Payload(NftExpression.Base.TRANSPORT, 2, 2, 2),
                        new NftExpression.MapLookup("services", 0, 4),
                        new NftExpression.VerdictLookup("tiers", 4)));
        NftRule pick = new NftRule(
                "pick",
                List.of(
                        new NftExpression.Immediate(4, Bytes.u32(1)),
                        new NftExpression.Random(1, 5),
                        new NftExpression.MapLookup("backends", 4, 6),
                        new NftExpression.DestinationNat(6, OptionalInt.of(7))));
        chain(
                "pre",
                Optional.of(new NftHook(NftHook.Type.NAT, NftHook.Point.PREROUTING, -100, false)),
                List.of(lookup));
        chain("pick-1", Optional.empty(), List.of(pick));
    }

    private static NftRule jump(String chain) {
        return new NftRule("jump", List.of(new NftExpression.Verdict(new NftVerdict.Jump(chain))));
    }

    private void set(String name, List<NftField> key, List<NftField> data, boolean verdicts, boolean interval) {
        objects = objects.with(new NftKey.SetKey(FAMILY, name), new NftObject.Set(key, data, verdicts, interval));
    }

    private void element(String set, Bytes key, NftData data) {
        objects = objects.with(new NftKey.ElementKey(FAMILY, set, key), new NftObject.Element(Optional.empty(), data));
    }

    private void chain(String name, Optional<NftHook> hook, List<NftRule> rules) {
        objects = objects.with(new NftKey.ChainKey(FAMILY, name), new NftObject.Chain(hook, rules));
    }

    private Trace trace(NftHook.Point point, Packet packet) {
        return new Tracer(objects, new SplittableRandom(1)).trace(point, packet);
    }
}
