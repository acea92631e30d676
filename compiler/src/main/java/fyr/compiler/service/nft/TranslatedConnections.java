package fyr.compiler.service.nft;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Ct;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.Member;
import java.util.ArrayList;
import java.util.List;

/** How the packet rules of other features recognise connections that the rules of services have translated. */
public final class TranslatedConnections {

    private TranslatedConnections() {}

    /** Continues for a connection that a service's rules translated. */
    public static List<NftExpression> any() {
        return PacketFields.ctBits(CtKey.STATUS, PacketFields.CT_DESTINATION_TRANSLATED, 0);
    }

    /**
     * Continues for a connection whose row says masquerade. With these rules that is one whose first destination was a node port, which is
     * no port of a virtual address.
     */
    public static List<NftExpression> masqueraded(PacketFields fields) {
        int next = 2 * fields.words();
        List<NftExpression> expressions = new ArrayList<>(any());
        expressions.add(new Ct(CtKey.ORIGINAL_DESTINATION, 0));
        expressions.add(new Member(ServiceRuleset.CLUSTER_IPS, 0, true));
        expressions.add(PacketFields.protocol(next));
        expressions.add(new Ct(CtKey.ORIGINAL_DESTINATION_PORT, next + 1));
        expressions.add(new Member(ServiceRuleset.OWN_NODE_PORTS, next, false));
        return expressions;
    }
}
