package fyr.compiler.nft;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Answer;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftRule;
import fyr.model.Protocol;
import java.util.List;

/**
 * The rules that refuse a packet in a way that its sender notices at once. TCP gets a reset: ICMP errors are limited to about one a second
 * for each destination (net.ipv4.icmp_ratelimit, icmpv4_xrlim_allow in net/ipv4/icmp.c; net.ipv6.icmp.ratelimit), resets are not
 * (nf_send_reset in net/ipv4/netfilter/nf_reject_ipv4.c). Everything else gets an ICMP error, because there is nothing better.
 */
public final class Refusal {

    private Refusal() {}

    /** For a separate chain that is reached by a goto from a chain at the input, forward or output hook. It refuses every packet. */
    public static List<NftRule> rules() {
        return List.of(
                new NftRule(
                        "TCP is reset",
                        List.of(
                                PacketFields.protocol(0),
                                new Compare(0, Operator.EQUAL, Bytes.u8(Protocol.TCP.number())),
                                new NftExpression.Reject(Answer.TCP_RESET))),
                new NftRule("the rest gets an ICMP error", List.of(new NftExpression.Reject(Answer.PORT_UNREACHABLE))));
    }
}
