package fyr.compiler.conntrack;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.OverCount;
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
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * How many connections a pod may have opened at once in each family (option --conntrack-per-pod), so that no pod can fill the connection
 * tracking table of its node. The first packets of further ones are dropped before they get an entry. One rule counts for all pods, by the
 * pod's link: the guard (fyr.compiler.guard) has let no packet pass that is not from the link's pod.
 */
public final class ConnectionCap {

    private static final String CHAIN = "pod-connections";
    private static final String METER = "pod-connections";

    /** A node has at most some hundred pods; a pod for which there were no room would be without a limit. */
    private static final int MOST_PODS = 4096;

    /** After connection tracking (-200), before destination translation (-100). */
    private static final int MANGLE = -150;

    private static final int LINK_NAME = 16; // IFNAMSIZ of include/uapi/linux/if.h
    private static final Bytes OURS = Bytes.of("fyr".getBytes(StandardCharsets.US_ASCII));
    private static final Bytes NO_POD = Bytes.of("fyr-".getBytes(StandardCharsets.US_ASCII));

    private ConnectionCap() {}

    /** The meter that counts the connections of a family, by the name of the pod's link. */
    public static NftKey.SetKey meter(Family family) {
        return new NftKey.SetKey(family, METER);
    }

    /** The name of the link that a key of the meter stands for. */
    public static String link(Bytes key) {
        byte[] bytes = key.toArray();
        int length = 0;
        while (length < Math.min(bytes.length, LINK_NAME) && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }

    /** The rules for both families; none without a cap. */
    public static Map<NftKey, NftObject> of(OptionalInt cap) {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        cap.ifPresent(most -> {
            for (Family family : Family.values()) {
                NftHook hook = new NftHook(NftHook.Type.FILTER, NftHook.Point.PREROUTING, MANGLE, false);
                objects.put(meter(family), new NftObject.Meter(List.of(NftField.IFNAME), 0, MOST_PODS));
                objects.put(
                        new NftKey.ChainKey(family, CHAIN),
                        new NftObject.Chain(Optional.of(hook), List.of(rule(most))));
            }
        });
        return objects;
    }

    /** Every packet of a UDP flow without answers is the first of a new connection (IP_CT_NEW), but only one is without an entry. */
    private static NftRule rule(int most) {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.unconfirmed(0));
        expressions.add(PacketFields.inputLink(0));
        expressions.add(new Compare(0, Operator.EQUAL, OURS));
        expressions.add(new Compare(0, Operator.NOT_EQUAL, NO_POD));
        expressions.add(new OverCount(METER, 0, most));
        expressions.add(new NftExpression.Verdict(new NftVerdict.Drop()));
        return new NftRule("option --conntrack-per-pod " + most, expressions);
    }
}
