package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Services with any number of endpoints each, in three sets and one chain per number of endpoints. The map {@code services} maps address,
 * protocol and port to the chain {@code pick-N}, which draws a slot below N and looks up all four in {@code backends}.
 */
final class ServiceRuleset {

    private static final int UDP = 17;
    private static final int TCP = 6;
    private static final int IPS_DST_NAT = 1 << 5;

    private final Family family;
    private final int words;
    private final NftField address;
    final SortedMap<NftKey, NftObject> objects = new TreeMap<>();

    ServiceRuleset(Family family, List<Integer> endpointCounts) {
        this.family = family;
        this.words = family.bytes() / 4;
        this.address = family == Family.IPV4 ? NftField.IPV4_ADDR : NftField.IPV6_ADDR;
        objects.put(new NftKey.TableKey(family), new NftObject.Table());
        sets();
        chains(endpointCounts);
    }

    private void sets() {
        List<NftField> port = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE);
        List<NftField> slot = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE, NftField.MARK);
        set("services", new NftObject.Set(port, List.of(), true, false));
        set("backends", new NftObject.Set(slot, List.of(address, NftField.INET_SERVICE), false, false));
        set("hairpin", new NftObject.Set(List.of(address, address), List.of(), false, false));
    }

    private void set(String name, NftObject.Set set) {
        objects.put(new NftKey.SetKey(family, name), set);
    }

    private void chains(List<Integer> endpointCounts) {
        List<NftExpression> lead = key();
        lead.add(new NftExpression.VerdictLookup("services", 0));
        chain("services", Optional.empty(), new NftRule("services by address, protocol and port", lead));
        NftExpression go = new NftExpression.Verdict(new NftVerdict.Jump("services"));
        chain("prerouting", hook(NftHook.Point.PREROUTING, -100), new NftRule("", List.of(go)));
        chain("output", hook(NftHook.Point.OUTPUT, -100), new NftRule("", List.of(go)));
        chain("postrouting", hook(NftHook.Point.POSTROUTING, 100), hairpin());
        for (int count : endpointCounts) {
            List<NftExpression> pick = key();
            pick.add(new NftExpression.Random(count, words + 2));
            pick.add(new NftExpression.MapLookup("backends", 0, words + 3));
            pick.add(new NftExpression.DestinationNat(words + 3, OptionalInt.of(2 * words + 3)));
            chain("pick-" + count, Optional.empty(), new NftRule("one of " + count + " endpoints", pick));
        }
    }

    private static Optional<NftHook> hook(NftHook.Point point, int priority) {
        return Optional.of(new NftHook(NftHook.Type.NAT, point, priority, false));
    }

    /** Loads destination, protocol and port side by side. Every rule repeats this: the kernel rejects a rule that reads what it did not load. */
    private List<NftExpression> key() {
        List<NftExpression> load = new ArrayList<>();
        load.add(new NftExpression.Payload(Base.NETWORK, family == Family.IPV4 ? 16 : 24, family.bytes(), 0));
        load.add(new NftExpression.Meta(MetaKey.L4PROTO, words));
        load.add(new NftExpression.Payload(Base.TRANSPORT, 2, 2, words + 1));
        return load;
    }

    /** A pod that reaches itself through a service must not see its own address as the client's. */
    private NftRule hairpin() {
        return new NftRule(
                "pods that reach themselves through a service",
                List.of(
                        new NftExpression.Ct(NftExpression.CtKey.STATUS, 0),
                        new NftExpression.Bitwise(0, 0, Bytes.host32(IPS_DST_NAT), Bytes.host32(0)),
                        new NftExpression.Compare(0, NftExpression.Operator.NOT_EQUAL, Bytes.host32(0)),
                        new NftExpression.Payload(Base.NETWORK, family == Family.IPV4 ? 12 : 8, family.bytes(), 0),
                        new NftExpression.Payload(Base.NETWORK, family == Family.IPV4 ? 16 : 24, family.bytes(), words),
                        new NftExpression.Member("hairpin", 0, false),
                        new NftExpression.Counter(),
                        new NftExpression.Masquerade(true)));
    }

    private void chain(String name, Optional<NftHook> hook, NftRule rule) {
        objects.put(new NftKey.ChainKey(family, name), new NftObject.Chain(hook, List.of(rule)));
    }

    /** Adds a service on TCP and UDP. */
    void service(IpAddress virtual, int port, List<IpAddress> endpoints, int endpointPort) {
        service(virtual, TCP, port, endpoints, endpointPort);
        service(virtual, UDP, port, endpoints, endpointPort);
    }

    void service(IpAddress virtual, int protocol, int port, List<IpAddress> endpoints, int endpointPort) {
        Bytes service = Bytes.concatenate(Bytes.of(virtual.toBytes()), Bytes.u8(protocol), Bytes.u16(port));
        NftVerdict pick = new NftVerdict.Goto("pick-" + endpoints.size());
        objects.put(element("services", service), new NftObject.Element(Optional.empty(), new NftData.Verdict(pick)));
        for (int slot = 0; slot < endpoints.size(); slot++) {
            Bytes endpoint = Bytes.concatenate(Bytes.of(endpoints.get(slot).toBytes()), Bytes.u16(endpointPort));
            objects.put(
                    element("backends", Bytes.concatenate(service, Bytes.host32(slot))),
                    new NftObject.Element(Optional.empty(), new NftData.Value(endpoint)));
        }
    }

    /** Adds an address that may reach itself. */
    void hairpin(IpAddress pod) {
        Bytes both = Bytes.concatenate(Bytes.of(pod.toBytes()), Bytes.of(pod.toBytes()));
        objects.put(element("hairpin", both), new NftObject.Element(Optional.empty(), new NftData.None()));
    }

    NftKey.ElementKey element(String set, Bytes key) {
        return new NftKey.ElementKey(family, set, key);
    }

    Delta<NftKey, NftObject> creation() {
        return new Delta<>(objects, new TreeSet<>());
    }
}
