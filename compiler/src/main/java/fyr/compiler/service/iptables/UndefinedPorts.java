package fyr.compiler.service.iptables;

import fyr.compiler.nft.PacketFields;
import fyr.compiler.nft.Refusal;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses connections to ports that a virtual address does not have. kube-proxy does so in mode nftables alone: in iptables it would take a
 * rule for each service, and every new connection would be compared with all of them. A set of nf_tables takes one.
 */
final class UndefinedPorts {

    private static final String ADDRESSES = "cluster-ips";
    private static final String REFUSE = "services-refuse";

    /** After the table {@code filter} of iptables (NF_IP_PRI_FILTER is 0), which knows what is dropped silently. */
    private static final int AFTER_IPTABLES = 10;

    private UndefinedPorts() {}

    /** The rules of one family. */
    static Map<NftKey, NftObject> rules(Family family) {
        PacketFields fields = new PacketFields(family);
        List<NftExpression> expressions = new ArrayList<>(PacketFields.newConnection(0));
        expressions.add(fields.destination(0));
        expressions.add(new NftExpression.Member(ADDRESSES, 0, false));
        expressions.add(new NftExpression.Counter());
        expressions.add(new NftExpression.Verdict(new NftVerdict.Goto(REFUSE)));
        List<NftRule> rules = List.of(new NftRule("not a port of this service", expressions));
        Map<NftKey, NftObject> objects = new HashMap<>();
        objects.put(
                new NftKey.SetKey(family, ADDRESSES),
                new NftObject.Set(List.of(fields.address()), List.of(), false, false));
        objects.put(new NftKey.ChainKey(family, REFUSE), new NftObject.Chain(Optional.empty(), Refusal.rules()));
        objects.put(new NftKey.ChainKey(family, "services-forward-reject"), hook(NftHook.Point.FORWARD, rules));
        objects.put(new NftKey.ChainKey(family, "services-output-reject"), hook(NftHook.Point.OUTPUT, rules));
        // Only where the node was or will be one that balances by IPVS is a virtual address its own.
        objects.put(new NftKey.ChainKey(family, "services-input-reject"), hook(NftHook.Point.INPUT, rules));
        return objects;
    }

    private static NftObject hook(NftHook.Point point, List<NftRule> rules) {
        return new NftObject.Chain(Optional.of(new NftHook(NftHook.Type.FILTER, point, AFTER_IPTABLES, false)), rules);
    }

    /** Makes an address one whose undefined ports are refused. */
    static NftKey address(IpAddress address) {
        return new NftKey.ElementKey(address.family(), ADDRESSES, Bytes.of(address.toBytes()));
    }

    /** What is at the key of an address. */
    static NftObject element() {
        return new NftObject.Element(Optional.empty(), new NftData.None());
    }
}
