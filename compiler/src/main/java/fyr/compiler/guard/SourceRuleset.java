package fyr.compiler.guard;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Counter;
import fyr.kernel.nft.NftExpression.Member;
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

/**
 * Which source addresses packets may have. The chain is the first of prerouting, before connection tracking, so it also covers packets to
 * the node itself, and a forged packet is never assigned to somebody else's connection. Most packets are decided by one lookup.
 */
final class SourceRuleset {

    /** Links of pods with the addresses of their pods. */
    static final String PODS = "guard-pods";

    /** Addresses of pods of this node. */
    static final String ADDRESSES = "guard-addresses";

    /** Blocks of other nodes whose pods' packets arrive only through the tunnel. */
    static final String TUNNELLED = "guard-tunnelled";

    private static final int RAW = -300;

    /** The prefix of the names of pods' links; the node's own links have the same prefix, followed by a hyphen. */
    private static final Bytes OURS = ascii("fyr");

    private static final Bytes OF_THE_NODE = ascii("fyr-");
    private static final int LINK_WORDS = 4;
    private static final int ICMPV6 = 58;

    private final PacketFields fields;

    SourceRuleset(Family family) {
        fields = new PacketFields(family);
    }

    static Map<NftKey, NftObject> of(Family family) {
        return new SourceRuleset(family).objects();
    }

    private Map<NftKey, NftObject> objects() {
        Family family = fields.family();
        NftHook hook = new NftHook(NftHook.Type.FILTER, NftHook.Point.PREROUTING, RAW, false);
        return Map.of(
                new NftKey.SetKey(family, PODS),
                new NftObject.Set(List.of(NftField.IFNAME, fields.address()), List.of(), false, false),
                new NftKey.SetKey(family, ADDRESSES),
                new NftObject.Set(List.of(fields.address()), List.of(), false, false),
                new NftKey.SetKey(family, TUNNELLED),
                new NftObject.Set(List.of(fields.address()), List.of(), false, true),
                new NftKey.ChainKey(family, "guard-prerouting"),
                new NftObject.Chain(
                        Optional.of(hook),
                        List.of(
                                ofThePod(),
                                ofTheTunnel(),
                                new TunnelRuleset(family).received(),
                                ofOthers(),
                                ofAnotherPod(),
                                pastTheTunnel(),
                                forged())));
    }

    private NftRule ofThePod() {
        return new NftRule(
                "from a pod's link with an address of the pod",
                List.of(
                        PacketFields.inputLink(0),
                        new Compare(0, Operator.EQUAL, OURS),
                        new Compare(0, Operator.NOT_EQUAL, OF_THE_NODE),
                        fields.source(LINK_WORDS),
                        new Member(PODS, 0, false),
                        new Verdict(new NftVerdict.Accept())));
    }

    private NftRule ofOthers() {
        return new NftRule(
                "from elsewhere, and not with an address of a pod of this node or behind the tunnel",
                List.of(
                        PacketFields.inputLink(0),
                        new Compare(0, Operator.NOT_EQUAL, OURS),
                        fields.source(0),
                        new Member(ADDRESSES, 0, true),
                        new Member(TUNNELLED, 0, true),
                        new Verdict(new NftVerdict.Accept())));
    }

    /** {@link TunnelRuleset} has already checked which node such a source belongs to. */
    private NftRule ofTheTunnel() {
        return new NftRule(
                "from the tunnel, and not with an address of a pod of this node",
                List.of(
                        PacketFields.inputLink(0),
                        new Compare(0, Operator.EQUAL, OF_THE_NODE),
                        fields.source(0),
                        new Member(ADDRESSES, 0, true),
                        new Verdict(new NftVerdict.Accept())));
    }

    private NftRule ofAnotherPod() {
        return new NftRule(
                "forged: a pod's address by another link than the pod's",
                List.of(
                        fields.source(0),
                        new Member(ADDRESSES, 0, false),
                        new Counter(),
                        new Verdict(new NftVerdict.Drop())));
    }

    /**
     * Without encapsulation nothing would tie the source to its node. Where pods' packets cross the nodes' subnet directly, nothing does.
     */
    private NftRule pastTheTunnel() {
        return new NftRule(
                "forged: with an address behind the tunnel, and not by the tunnel",
                List.of(
                        PacketFields.inputLink(0),
                        new Compare(0, Operator.NOT_EQUAL, OURS),
                        fields.source(0),
                        new Member(TUNNELLED, 0, false),
                        new Counter(),
                        new Verdict(new NftVerdict.Drop())));
    }

    /**
     * This includes link-local and unspecified sources: both ends of a pod's link have permanent neighbours, so neither has to ask for any.
     */
    private NftRule forged() {
        return new NftRule(
                "forged: from a pod's link without an address of the pod",
                List.of(
                        PacketFields.inputLink(0),
                        new Compare(0, Operator.EQUAL, OURS),
                        new Counter(),
                        new Verdict(new NftVerdict.Drop())));
    }

    /**
     * A pod is the end of a path and cannot know the size of packets on it (RFC 1191 section 4, RFC 8201 section 4): the kernel would store
     * such an error about any destination to which this node has a connection or a tunnel, as an exception to the node's route. Such errors
     * between pods pass. Those of other nodes arrive through the tunnel.
     */
    NftRule packetTooBig() {
        List<NftExpression> expressions = new ArrayList<>(
                switch (fields.family()) {
                    case IPV4 -> icmp(1, Bytes.u16(0x0304));
                    case IPV6 -> icmp(ICMPV6, Bytes.u8(2));
                });
        expressions.addAll(List.of(
                PacketFields.inputLink(0),
                new Compare(0, Operator.EQUAL, OURS),
                new Compare(0, Operator.NOT_EQUAL, OF_THE_NODE),
                new Counter(),
                new Verdict(new NftVerdict.Drop())));
        return new NftRule("packet too big, said by a pod to the node", expressions);
    }

    /** The type, and for a longer value also the code (RFC 792, RFC 4443 section 2.1). */
    private static List<NftExpression> icmp(int protocol, Bytes begin) {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.ofProtocol(protocol, 0));
        expressions.add(new Payload(Base.TRANSPORT, 0, begin.length(), 0));
        expressions.add(new Compare(0, Operator.EQUAL, begin));
        return expressions;
    }

    /**
     * The node ignores all messages on our links about neighbours, routers or redirects (RFC 4861 section 4, types 133 to 137), even from
     * an address of the pod. nf_tables does not handle the ARP of pods: their links are created with IFF_NOARP.
     */
    static NftRule neighbourDiscovery() {
        return new NftRule(
                "neighbour discovery on links that do without",
                List.of(
                        new NftExpression.Meta(NftExpression.MetaKey.L4PROTO, 0),
                        new Compare(0, Operator.EQUAL, Bytes.u8(ICMPV6)),
                        new Payload(Base.TRANSPORT, 0, 1, 0),
                        new Compare(0, Operator.GREATER_OR_EQUAL, Bytes.u8(133)),
                        new Compare(0, Operator.LESS_OR_EQUAL, Bytes.u8(137)),
                        PacketFields.inputLink(0),
                        new Compare(0, Operator.EQUAL, OURS),
                        new Counter(),
                        new Verdict(new NftVerdict.Drop())));
    }

    private static Bytes ascii(String text) {
        return Bytes.of(text.getBytes(StandardCharsets.US_ASCII));
    }
}
