package fyr.compiler.guard;

import fyr.compiler.nft.PacketFields;
import fyr.compiler.routing.Overlay;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Counter;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.MapLookup;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.NoTrack;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.Payload;
import fyr.kernel.nft.NftExpression.Verdict;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whose encapsulated packets are accepted, for one family of the network between the nodes. The packets are checked at the input hook:
 * after reassembly of fragments, and with the destination that they have after translation. A packet that this node forwards to another
 * node's tunnel must come from a node: otherwise source translation would give a pod's packet the address of this node. This applies to
 * established connections too: source translation may choose the tunnel's port for a connection to a service, and the answers of its
 * endpoint would lead to the tunnel.
 *
 * <p>The inner source is looked up to find the address of the node whose block contains it, and this address must equal the outer source.
 * The result of a lookup is part of a key here; {@code fyr.compiler.policy.Judgement} explains how nft can still print that.
 */
final class TunnelRuleset {

    /** The endpoints of this node's tunnels: the uplink's name with the node's address. */
    static final String OWN_END = "guard-own-end";

    /** The endpoints of other nodes' tunnels: each address twice. */
    static final String ENDS = "guard-ends";

    private static final String CHAIN = "guard-tunnel";
    private static final String FORWARD = "guard-forward";
    private static final NftHook OUTPUT = new NftHook(NftHook.Type.FILTER, NftHook.Point.OUTPUT, -300, false);
    private static final NftHook INPUT = new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, -300, false);
    private static final int UDP = 17;
    private static final int LINK_WORDS = 4;

    // RFC 7348 section 5: UDP, VXLAN, Ethernet.
    private static final int VNI = 8 + 4;
    private static final int ETHER_TYPE = 8 + 8 + 12;
    private static final int INNER = 8 + 8 + 14;

    private final PacketFields fields;

    TunnelRuleset(Family family) {
        fields = new PacketFields(family);
    }

    /** The map from inner sources of a family to the tunnel endpoints of the nodes that they belong to. */
    static String blocks(Family inner) {
        return switch (inner) {
            case IPV4 -> "guard-blocks4";
            case IPV6 -> "guard-blocks6";
        };
    }

    static Map<NftKey, NftObject> of(Family family) {
        return new TunnelRuleset(family).objects();
    }

    private Map<NftKey, NftObject> objects() {
        Family family = fields.family();
        NftField address = fields.address();
        Map<NftKey, NftObject> objects = new TreeMap<>();
        objects.put(set(OWN_END), new NftObject.Set(List.of(NftField.IFNAME, address), List.of(), false, false));
        objects.put(set(ENDS), new NftObject.Set(List.of(address, address), List.of(), false, false));
        for (Family inner : Family.values()) {
            NftField source = new PacketFields(inner).address();
            objects.put(
                    set(blocks(inner)),
                    new NftObject.Set(List.of(source), List.of(NftField.MARK, address), false, true));
        }
        List<NftRule> input = new ArrayList<>(List.of(encapsulated(), new SourceRuleset(family).packetTooBig()));
        if (family == Family.IPV6) {
            input.add(SourceRuleset.neighbourDiscovery());
        }
        objects.put(new NftKey.ChainKey(family, "guard-input"), new NftObject.Chain(Optional.of(INPUT), input));
        objects.put(
                new NftKey.ChainKey(family, CHAIN),
                new NftObject.Chain(
                        Optional.empty(),
                        List.of(
                                ofAnotherOverlay(),
                                translated(),
                                elsewhere(),
                                fromTheOwner(Family.IPV4),
                                fromTheOwner(Family.IPV6),
                                forged())));
        objects.put(
                new NftKey.ChainKey(family, "guard-output"), new NftObject.Chain(Optional.of(OUTPUT), List.of(sent())));
        objects.put(
                new NftKey.ChainKey(family, FORWARD),
                new NftObject.Chain(Optional.empty(), List.of(toAnEnd(), translatedToAnEnd())));
        return objects;
    }

    private NftKey set(String name) {
        return new NftKey.SetKey(fields.family(), name);
    }

    private static NftRule encapsulated() {
        List<NftExpression> expressions = new ArrayList<>(toThePort());
        expressions.add(new Verdict(new NftVerdict.Goto(CHAIN)));
        return new NftRule("to the tunnel", expressions);
    }

    /** For the chain at the forward hook, before connections are judged: goes to the rules about packets for other nodes' tunnels. */
    static NftRule forwarding() {
        List<NftExpression> expressions = new ArrayList<>(toThePort());
        expressions.add(new Verdict(new NftVerdict.Jump(FORWARD)));
        return new NftRule("to a tunnel's port", expressions);
    }

    /**
     * What this node's own tunnel sends, at the postrouting hook: the packet comes from the tunnel's link there (skb->dev in ip_output) and has
     * the node's address, from which no pod sends ({@link SourceRuleset}), as its source.
     */
    static NftRule encapsulatedHere(Family family) {
        PacketFields fields = new PacketFields(family);
        List<NftExpression> expressions = new ArrayList<>(toThePort());
        expressions.add(PacketFields.inputLink(0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.of(Overlay.LINK.getBytes(StandardCharsets.US_ASCII))));
        expressions.add(new NftExpression.Meta(NftExpression.MetaKey.OIFNAME, 0));
        expressions.add(fields.source(LINK_WORDS));
        expressions.add(new Member(OWN_END, 0, false));
        expressions.add(new Verdict(new NftVerdict.Accept()));
        return new NftRule("encapsulated by this node", expressions);
    }

    /**
     * Packets between tunnels need no connection: without this rule each flow of pods would have two entries in the connection table, its own
     * and that of its encapsulated packets, whose source port depends on the flow (RFC 7348 section 5). Only packets from a node's address
     * are untracked, because source translation may choose the tunnel's port for another connection.
     */
    NftRule received() {
        List<NftExpression> expressions = new ArrayList<>(toThePort());
        expressions.addAll(end(fields.source(0), fields.source(fields.words()), false));
        expressions.addAll(atThisEnd(false));
        expressions.add(new NoTrack());
        expressions.add(new Verdict(new NftVerdict.Accept()));
        return new NftRule("encapsulated by a node", expressions);
    }

    private NftRule sent() {
        List<NftExpression> expressions = new ArrayList<>(toThePort());
        expressions.addAll(end(fields.destination(0), fields.destination(fields.words()), false));
        expressions.add(new NoTrack());
        return new NftRule("encapsulated by this node", expressions);
    }

    private List<NftExpression> atThisEnd(boolean inverted) {
        return List.of(PacketFields.inputLink(0), fields.destination(LINK_WORDS), new Member(OWN_END, 0, inverted));
    }

    private static List<NftExpression> toThePort() {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.ofProtocol(UDP, 0));
        expressions.add(PacketFields.destinationPort(0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.u16(Overlay.PORT)));
        return expressions;
    }

    /** The kernel has one socket for all VXLAN devices of a port; the network identifier decides which device a packet is for. */
    private static NftRule ofAnotherOverlay() {
        return new NftRule(
                "of another overlay",
                List.of(
                        new Payload(Base.TRANSPORT, VNI, 3, 0),
                        new Compare(
                                0,
                                Operator.NOT_EQUAL,
                                Bytes.u32(Overlay.VNI << 8).slice(0, 3)),
                        new Verdict(new NftVerdict.Return())));
    }

    /** Nodes send to the port itself; a packet that came through a service has a source that another node translated. */
    private static NftRule translated() {
        List<NftExpression> expressions =
                new ArrayList<>(PacketFields.ctBits(CtKey.STATUS, PacketFields.CT_DESTINATION_TRANSLATED, 0));
        expressions.add(new Counter());
        expressions.add(new Verdict(new NftVerdict.Drop()));
        return new NftRule("encapsulated, and through a service", expressions);
    }

    private NftRule elsewhere() {
        List<NftExpression> expressions = new ArrayList<>(atThisEnd(true));
        expressions.add(new Counter());
        expressions.add(new Verdict(new NftVerdict.Drop()));
        return new NftRule("encapsulated, and not by the uplink to the address of this node", expressions);
    }

    /** Packets with other Ethernet types than those of the two families, including tags, reach the end of the chain. */
    private NftRule fromTheOwner(Family inner) {
        Bytes etherType = Bytes.u16(inner == Family.IPV4 ? 0x0800 : 0x86dd);
        int source = INNER + (inner == Family.IPV4 ? 12 : 8);
        int end = 1; // the lookup clears the word before
        int outer = end + fields.words();
        int key = outer + fields.words();
        return new NftRule(
                "encapsulated by the node that has the inner source, " + NftKey.word(inner),
                List.of(
                        new Payload(Base.TRANSPORT, ETHER_TYPE, 2, 0),
                        new Compare(0, Operator.EQUAL, etherType),
                        fields.source(end),
                        fields.source(outer),
                        new Payload(Base.TRANSPORT, source, inner.bytes(), key),
                        new MapLookup(blocks(inner), key, end - 1),
                        new Member(ENDS, end, false),
                        new Verdict(new NftVerdict.Accept())));
    }

    private static NftRule forged() {
        return new NftRule(
                "forged: encapsulated, and not by the node that has the inner source",
                List.of(new Counter(), new Verdict(new NftVerdict.Drop())));
    }

    private NftRule toAnEnd() {
        List<NftExpression> expressions =
                new ArrayList<>(end(fields.destination(0), fields.destination(fields.words()), false));
        expressions.addAll(end(fields.source(0), fields.source(fields.words()), true));
        expressions.add(new Counter());
        expressions.add(new Verdict(new NftVerdict.Drop()));
        return new NftRule("to another node's tunnel, and from no node", expressions);
    }

    private NftRule translatedToAnEnd() {
        List<NftExpression> expressions =
                new ArrayList<>(end(fields.destination(0), fields.destination(fields.words()), false));
        expressions.addAll(PacketFields.ctBits(CtKey.STATUS, PacketFields.CT_DESTINATION_TRANSLATED, 0));
        expressions.add(new Counter());
        expressions.add(new Verdict(new NftVerdict.Drop()));
        return new NftRule("to another node's tunnel through a service", expressions);
    }

    private static List<NftExpression> end(NftExpression first, NftExpression second, boolean inverted) {
        return List.of(first, second, new Member(ENDS, 0, inverted));
    }
}
