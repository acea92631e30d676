package fyr.compiler.service.unserved;

import fyr.compiler.nft.PacketFields;
import fyr.compiler.nft.Refusal;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.FibDestinationType;
import fyr.kernel.nft.NftExpression.Member;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The sets and chains of one family. A packet that comes here was translated before, if any Service wanted it. */
final class UnservedRuleset {

    /** Ranges of virtual addresses. */
    static final String RANGES = "service-ranges";

    /** Addresses of load balancers. */
    static final String BALANCERS = "load-balancers";

    private static final String REFUSE = "unserved-refuse";

    /** The names of pods' links and tunnels begin so; a comparison of fewer bytes than a name has is one of the first letters. */
    private static final String OWN_LINKS = "fyr";

    private static final int RTN_LOCAL = 2; // include/uapi/linux/rtnetlink.h

    /**
     * After the table {@code filter} of iptables (NF_IP_PRI_FILTER is 0) and the refusals of mode iptables (10), which know what is dropped or
     * refused for other reasons.
     */
    private static final int LAST = 20;

    private UnservedRuleset() {}

    static Map<NftKey, NftObject> of(Family family) {
        PacketFields fields = new PacketFields(family);
        Map<NftKey, NftObject> objects = new HashMap<>();
        objects.put(
                new NftKey.SetKey(family, RANGES),
                new NftObject.Set(List.of(fields.address()), List.of(), false, true));
        objects.put(
                new NftKey.SetKey(family, BALANCERS),
                new NftObject.Set(List.of(fields.address()), List.of(), false, false));
        objects.put(new NftKey.ChainKey(family, REFUSE), new NftObject.Chain(Optional.empty(), Refusal.rules()));
        objects.put(
                new NftKey.ChainKey(family, "unserved-forward"),
                hook(NftHook.Point.FORWARD, List.of(unallocated(fields), otherPort(fields))));
        objects.put(
                new NftKey.ChainKey(family, "unserved-output"),
                hook(NftHook.Point.OUTPUT, List.of(unallocated(fields))));
        return objects;
    }

    private static NftObject hook(NftHook.Point point, List<NftRule> rules) {
        return new NftObject.Chain(Optional.of(new NftHook(NftHook.Type.FILTER, point, LAST, false)), rules);
    }

    /**
     * As kube-proxy's chain {@code cluster-ips-check} does. The router of the node would send such a packet back, or to somebody else. The
     * node itself may have an address of the range, such as that of cluster DNS.
     */
    private static NftRule unallocated(PacketFields fields) {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new Member(RANGES, 0, false));
        expressions.add(new FibDestinationType(0));
        expressions.add(new Compare(0, Operator.NOT_EQUAL, Bytes.host32(RTN_LOCAL)));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Drop()));
        return new NftRule("virtual address of no service", expressions);
    }

    /**
     * What arrives for this address from outside was meant for this node: sent on, it would come back. Packets of pods leave for whoever has
     * the address, because a load balancer outside the cluster may serve more than the Services here.
     */
    private static NftRule otherPort(PacketFields fields) {
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.addAll(PacketFields.untranslated(0));
        expressions.add(PacketFields.inputLink(0));
        expressions.add(new Compare(0, Operator.NOT_EQUAL, Bytes.of(OWN_LINKS.getBytes(StandardCharsets.US_ASCII))));
        expressions.add(fields.destination(0));
        expressions.add(new Member(BALANCERS, 0, false));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Goto(REFUSE)));
        return new NftRule("not a port of this load balancer", expressions);
    }
}
