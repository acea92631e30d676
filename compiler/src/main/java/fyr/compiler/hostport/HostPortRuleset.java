package fyr.compiler.hostport;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.ServiceMode;
import fyr.compiler.nft.PacketFields;
import fyr.compiler.service.frontend.FrontendSets;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.DestinationNat;
import fyr.kernel.nft.NftExpression.FibDestinationType;
import fyr.kernel.nft.NftExpression.MapLookup;
import fyr.kernel.nft.NftExpression.Operator;
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
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * The constant part of one family's rules for host ports. The first packet of a connection to an address of the node is looked up with its
 * address, then without. The kernel asks no further nat chain once one has translated a connection ({@code nf_nat_inet_fn} in
 * net/netfilter/nf_nat_core.c), so the rules of Services, which are asked before these, have precedence.
 *
 * <p>Masquerade needs no rule of its own: a pod that reaches itself is masqueraded however it was led there ({@link
 * fyr.compiler.masquerade}), and everybody else's answers pass this node anyway.
 */
final class HostPortRuleset {

    /** From address, protocol and port of the node. */
    static final String AT_ADDRESS = "host-ports-at-address";

    /** From protocol and port of the node. */
    static final String AT_NODE = "host-ports";

    private static final String CHAIN = "host-ports";
    private static final int RTN_LOCAL = 2; // include/uapi/linux/rtnetlink.h

    /** Right after DSTNAT, where Services are translated. */
    private static final int AFTER_SERVICES = -99;

    /** The register that lookups write to, beyond the longest key: an IPv6 address, protocol and port. */
    private static final int RESULT = 8;

    private final PacketFields fields;
    private final ServiceMode mode;
    private final List<IpAddress> dnsAddresses;

    private HostPortRuleset(Family family, NodeIdentity node) {
        this.fields = new PacketFields(family);
        this.mode = node.services().mode();
        this.dnsAddresses = node.dnsAddresses().stream()
                .filter(address -> address.family() == family)
                .toList();
    }

    /** Those of a node. Where it answers cluster DNS, and in mode ipvs the virtual addresses, are local, and no host port leads away from them. */
    static Map<NftKey, NftObject> of(Family family, NodeIdentity node) {
        return new HostPortRuleset(family, node).objects();
    }

    private Map<NftKey, NftObject> objects() {
        Family family = fields.family();
        NftField address = fields.address();
        List<NftField> podPort = List.of(address, NftField.INET_SERVICE);
        Map<NftKey, NftObject> objects = new TreeMap<>();
        objects.put(
                new NftKey.SetKey(family, AT_ADDRESS),
                new NftObject.Set(List.of(address, NftField.INET_PROTO, NftField.INET_SERVICE), podPort, false, false));
        objects.put(
                new NftKey.SetKey(family, AT_NODE),
                new NftObject.Set(List.of(NftField.INET_PROTO, NftField.INET_SERVICE), podPort, false, false));
        objects.put(
                new NftKey.ChainKey(family, CHAIN),
                new NftObject.Chain(Optional.empty(), List.of(atAddress(), atNode())));
        objects.put(new NftKey.ChainKey(family, "host-ports-prerouting"), base(NftHook.Point.PREROUTING));
        objects.put(new NftKey.ChainKey(family, "host-ports-output"), base(NftHook.Point.OUTPUT));
        return objects;
    }

    private NftObject.Chain base(NftHook.Point point) {
        List<NftExpression> toTheNode = new ArrayList<>();
        toTheNode.add(new FibDestinationType(0));
        toTheNode.add(new Compare(0, Operator.EQUAL, Bytes.host32(RTN_LOCAL)));
        toTheNode.addAll(fields.destinationIsNotLoopback(0));
        for (IpAddress address : dnsAddresses) {
            toTheNode.add(fields.destination(0));
            toTheNode.add(new Compare(0, Operator.NOT_EQUAL, Bytes.of(address.toBytes())));
        }
        if (mode == ServiceMode.IPVS) {
            toTheNode.add(fields.destination(0));
            toTheNode.add(new NftExpression.Member(FrontendSets.CLUSTER_IPS, 0, true));
        }
        toTheNode.add(new NftExpression.Verdict(new NftVerdict.Jump(CHAIN)));
        return new NftObject.Chain(
                Optional.of(new NftHook(NftHook.Type.NAT, point, AFTER_SERVICES, false)),
                List.of(new NftRule("to any address of the node but loopback and cluster DNS", toTheNode)));
    }

    private NftRule atAddress() {
        int proto = fields.words();
        return rule(
                "host ports at one address (hostIP)",
                AT_ADDRESS,
                List.of(fields.destination(0), PacketFields.protocol(proto), PacketFields.destinationPort(proto + 1)));
    }

    private NftRule atNode() {
        return rule(
                "host ports at every address",
                AT_NODE,
                List.of(PacketFields.protocol(0), PacketFields.destinationPort(1)));
    }

    private NftRule rule(String comment, String map, List<NftExpression> key) {
        List<NftExpression> expressions = new ArrayList<>(key);
        expressions.add(new MapLookup(map, 0, RESULT));
        expressions.add(new DestinationNat(RESULT, OptionalInt.of(RESULT + fields.words())));
        return new NftRule(comment, expressions);
    }
}
