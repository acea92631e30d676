package fyr.compiler.dns;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.Bitwise;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.Payload;
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
import java.util.TreeMap;

/**
 * Keeps a node quiet at the addresses of cluster DNS while its agent is away for a moment. The addresses stay on the node, nobody listens
 * there, and the kernel would answer each query with an ICMP error or a TCP reset, upon which resolvers give up at once. What is lost
 * they send again, after five seconds as a rule, and the agent that was started again answers. Who tries another port is told as usual.
 */
public final class DnsSilence {

    private static final String CHAIN = "dns-silence";
    private static final int IPPROTO_ICMP = 1;
    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    private static final int IPPROTO_ICMPV6 = 58;
    private static final int RST_AND_ACK = 0x14;
    private static final Bytes DNS = Bytes.u16(53);

    private DnsSilence() {}

    /** A chain for each family that has an address of cluster DNS. */
    public static Map<NftKey, NftObject> of(List<IpAddress> dnsAddresses) {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        for (Family family : Family.values()) {
            List<NftRule> rules = dnsAddresses.stream()
                    .filter(address -> address.family() == family)
                    .flatMap(address -> List.of(unreachable(address), refused(address)).stream())
                    .toList();
            if (!rules.isEmpty()) {
                NftHook hook = new NftHook(NftHook.Type.FILTER, NftHook.Point.OUTPUT, 0, false);
                objects.put(new NftKey.ChainKey(family, CHAIN), new NftObject.Chain(Optional.of(hook), rules));
            }
        }
        return objects;
    }

    /**
     * Type and code "port unreachable" (RFC 792, RFC 4443 section 3.1). After eight bytes it holds the datagram that was in vain, whose header
     * has no options if it came from a resolver.
     */
    private static NftRule unreachable(IpAddress address) {
        return drop(
                "no agent listens: no ICMP error, so that the query is sent again",
                switch (address.family()) {
                    case IPV4 -> unreachable(from(address, IPPROTO_ICMP), 0x0303, 8 + 9, 8 + 20);
                    case IPV6 -> unreachable(from(address, IPPROTO_ICMPV6), 0x0104, 8 + 6, 8 + 40);
                });
    }

    private static List<NftExpression> unreachable(
            List<NftExpression> from, int typeAndCode, int protocolAt, int datagramAt) {
        from.add(new Payload(Base.TRANSPORT, 0, 2, 0));
        from.add(new Compare(0, Operator.EQUAL, Bytes.u16(typeAndCode)));
        from.add(new Payload(Base.TRANSPORT, protocolAt, 1, 0));
        from.add(new Compare(0, Operator.EQUAL, Bytes.u8(IPPROTO_UDP)));
        from.add(new Payload(Base.TRANSPORT, datagramAt + 2, 2, 0));
        from.add(new Compare(0, Operator.EQUAL, DNS));
        return from;
    }

    /** A reset that answers a SYN has sequence number 0 and ACK (RFC 9293 section 3.5.2); other resets end connections that were. */
    private static NftRule refused(IpAddress address) {
        List<NftExpression> expressions = from(address, IPPROTO_TCP);
        expressions.add(new Payload(Base.TRANSPORT, 0, 2, 0));
        expressions.add(new Compare(0, Operator.EQUAL, DNS));
        expressions.add(new Payload(Base.TRANSPORT, 4, 4, 0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.u32(0)));
        expressions.add(new Payload(Base.TRANSPORT, 13, 1, 0));
        expressions.add(new Bitwise(0, 0, Bytes.u8(RST_AND_ACK), Bytes.u8(0)));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.u8(RST_AND_ACK)));
        return drop("no agent listens: no reset, so that the SYN is sent again", expressions);
    }

    private static List<NftExpression> from(IpAddress address, int protocol) {
        List<NftExpression> expressions = new ArrayList<>();
        expressions.add(new PacketFields(address.family()).source(0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.of(address.toBytes())));
        expressions.add(PacketFields.protocol(0));
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.u8(protocol)));
        return expressions;
    }

    private static NftRule drop(String comment, List<NftExpression> expressions) {
        expressions.add(new NftExpression.Verdict(new NftVerdict.Drop()));
        return new NftRule(comment, expressions);
    }
}
