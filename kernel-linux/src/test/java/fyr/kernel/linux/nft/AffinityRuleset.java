package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
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
 * One service whose clients stay with their endpoints. The map {@code affinity} has the endpoint of a client; {@code endpoints} says
 * whether the service still has that endpoint, and on which port. Both lookups are written so that nft can list them, although the key of
 * the second is the result of the first: the value has a word in front of the address, and is written from the register of the port on. nft
 * takes the registers of the address for what was in them before, and the port is loaded again.
 */
final class AffinityRuleset {

    private static final int IPS_DST_NAT = 1 << 5;
    private static final int UDP = 17;

    private final Family family;
    private final NftField address;
    private final int size;
    private final int seconds;

    // The registers of the key of affinity: source, destination, protocol, port. From the destination on it is that of
    // endpoints, too.
    private final int destination;
    private final int protocol;
    private final int port;
    private final int remembered;

    final SortedMap<NftKey, NftObject> objects = new TreeMap<>();

    AffinityRuleset(Family family, int size, int seconds) {
        this.family = family;
        this.address = family == Family.IPV4 ? NftField.IPV4_ADDR : NftField.IPV6_ADDR;
        this.size = size;
        this.seconds = seconds;
        this.destination = family.bytes() / 4;
        this.protocol = 2 * destination;
        this.port = protocol + 1;
        this.remembered = port + 1;
        objects.put(new NftKey.TableKey(family), new NftObject.Table());
        sets();
        chain("prerouting", NftHook.Type.NAT, NftHook.Point.PREROUTING, List.of(again(), forget(), random()));
        chain("postrouting", NftHook.Type.NAT, NftHook.Point.POSTROUTING, List.of(remember()));
        chain("own", NftHook.Type.FILTER, NftHook.Point.POSTROUTING, List.of(own()));
    }

    private void sets() {
        List<NftField> client = List.of(address, address, NftField.INET_PROTO, NftField.INET_SERVICE);
        List<NftField> endpoint = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE, address);
        List<NftField> slot = List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE, NftField.MARK);
        List<NftField> target = List.of(address, NftField.INET_SERVICE);
        set("affinity", new NftObject.Memory(client, List.of(NftField.MARK, address), size));
        set("endpoints", new NftObject.Set(endpoint, target, false, false));
        set("slots", new NftObject.Set(slot, target, false, false));
    }

    private void set(String name, NftObject set) {
        objects.put(new NftKey.SetKey(family, name), set);
    }

    private void chain(String name, NftHook.Type type, NftHook.Point point, List<NftRule> rules) {
        NftHook hook = new NftHook(type, point, type == NftHook.Type.NAT ? 50 : 0, false);
        objects.put(new NftKey.ChainKey(family, name), new NftObject.Chain(Optional.of(hook), rules));
    }

    private NftExpression source(int register) {
        return new NftExpression.Payload(Base.NETWORK, family == Family.IPV4 ? 12 : 8, family.bytes(), register);
    }

    private NftExpression destination(int register) {
        return new NftExpression.Payload(Base.NETWORK, family == Family.IPV4 ? 16 : 24, family.bytes(), register);
    }

    private List<NftExpression> key() {
        return new ArrayList<>(List.of(
                source(0),
                destination(destination),
                new NftExpression.Meta(MetaKey.L4PROTO, protocol),
                new NftExpression.Payload(Base.TRANSPORT, 2, 2, port)));
    }

    private NftRule again() {
        List<NftExpression> expressions = key();
        expressions.add(source(remembered)); // what nft takes the remembered address for
        expressions.add(new NftExpression.MapLookup("affinity", 0, port));
        expressions.add(new NftExpression.Payload(Base.TRANSPORT, 2, 2, port));
        expressions.add(new NftExpression.MapLookup("endpoints", destination, 0));
        expressions.add(new NftExpression.DestinationNat(0, OptionalInt.of(destination)));
        return new NftRule("the same endpoint again", expressions);
    }

    private NftRule forget() {
        List<NftExpression> expressions = key();
        expressions.add(source(remembered));
        expressions.add(new NftExpression.Forget("affinity", 0, port));
        return new NftRule("forget an endpoint that is gone", expressions);
    }

    private NftRule random() {
        return new NftRule(
                "one of two endpoints",
                List.of(
                        destination(0),
                        new NftExpression.Meta(MetaKey.L4PROTO, destination),
                        new NftExpression.Payload(Base.TRANSPORT, 2, 2, destination + 1),
                        new NftExpression.Random(2, destination + 2),
                        new NftExpression.MapLookup("slots", 0, destination + 3),
                        new NftExpression.DestinationNat(destination + 3, OptionalInt.of(2 * destination + 3))));
    }

    private NftRule remember() {
        return new NftRule(
                "remember the endpoint",
                List.of(
                        new NftExpression.Ct(CtKey.STATUS, 0),
                        new NftExpression.Bitwise(0, 0, Bytes.host32(IPS_DST_NAT), Bytes.host32(0)),
                        new NftExpression.Compare(0, NftExpression.Operator.NOT_EQUAL, Bytes.host32(0)),
                        new NftExpression.Ct(CtKey.ORIGINAL_SOURCE, 0),
                        new NftExpression.Ct(CtKey.ORIGINAL_DESTINATION, destination),
                        new NftExpression.Meta(MetaKey.L4PROTO, protocol),
                        new NftExpression.Ct(CtKey.ORIGINAL_DESTINATION_PORT, port),
                        new NftExpression.Immediate(port + 1, Bytes.host32(0)),
                        destination(port + 2),
                        new NftExpression.Remember("affinity", 0, port + 1, seconds),
                        new NftExpression.Counter()));
    }

    private static NftRule own() {
        return new NftRule(
                "packets of the node itself",
                List.of(
                        new NftExpression.Meta(MetaKey.IIFNAME, 0),
                        new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.of(new byte[16])),
                        new NftExpression.Counter()));
    }

    /** The service has these endpoints, of which the first is chosen for slot 0 and the second for slot 1. */
    void service(IpAddress virtual, int servicePort, List<IpAddress> endpoints, int endpointPort) {
        objects.keySet().removeIf(NftKey.ElementKey.class::isInstance);
        Bytes service = Bytes.concatenate(Bytes.of(virtual.toBytes()), Bytes.u8(UDP), Bytes.u16(servicePort));
        for (int slot = 0; slot < endpoints.size(); slot++) {
            Bytes endpoint = Bytes.of(endpoints.get(slot).toBytes());
            NftObject target = new NftObject.Element(
                    Optional.empty(), new NftData.Value(Bytes.concatenate(endpoint, Bytes.u16(endpointPort))));
            objects.put(element("slots", Bytes.concatenate(service, Bytes.host32(slot))), target);
            objects.put(element("endpoints", Bytes.concatenate(service, endpoint)), target);
        }
    }

    private NftKey element(String set, Bytes key) {
        return new NftKey.ElementKey(family, set, key);
    }

    Delta<NftKey, NftObject> creation() {
        return new Delta<>(objects, new TreeSet<>());
    }
}
