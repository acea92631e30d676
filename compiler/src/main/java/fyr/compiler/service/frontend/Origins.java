package fyr.compiler.service.frontend;

import fyr.compiler.feature.ServiceOptions.LocalTraffic;
import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Meta;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftExpression.Operator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** How rules tell where a connection begins. */
public final class Origins {

    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h

    private Origins() {}

    /** Continues for connections that begin in pods of this node. */
    public static List<NftExpression> ofPods(PacketFields fields, LocalTraffic local) {
        return ofPods(fields, local, false);
    }

    /** Continues for all other connections. */
    public static List<NftExpression> notOfPods(PacketFields fields, LocalTraffic local) {
        return ofPods(fields, local, true);
    }

    private static List<NftExpression> ofPods(PacketFields fields, LocalTraffic local, boolean inverted) {
        return switch (local) {
            case LocalTraffic.NodeBlocks _, LocalTraffic.Prefixes _ ->
                List.of(fields.source(0), new Member(FrontendSets.LOCAL_SOURCES, 0, inverted));
            case LocalTraffic.Link(String name) -> ofLink(Bytes.of(padded(name)), inverted);
            case LocalTraffic.LinkPrefix(String prefix) ->
                ofLink(Bytes.of(prefix.getBytes(StandardCharsets.US_ASCII)), inverted);
        };
    }

    /** A comparison of fewer bytes than the name has is one of the first letters. */
    private static List<NftExpression> ofLink(Bytes name, boolean inverted) {
        return List.of(PacketFields.inputLink(0), new Compare(0, inverted ? Operator.NOT_EQUAL : Operator.EQUAL, name));
    }

    /** Continues for packets that came from a link. */
    public static List<NftExpression> forwarded() {
        return link(Operator.NOT_EQUAL);
    }

    /** Continues for packets that the node itself sends, at the postrouting hook. */
    public static List<NftExpression> ofTheNode() {
        return link(Operator.EQUAL);
    }

    private static List<NftExpression> link(Operator comparedToNone) {
        return List.of(new Meta(MetaKey.IIF, 0), new Compare(0, comparedToNone, Bytes.host32(0)));
    }

    private static byte[] padded(String name) {
        return Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), IFNAMSIZ);
    }
}
