package fyr.compiler.dns;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Meta;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftExpression.NoTrack;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.Payload;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Keeps queries of the node and its pods to cluster DNS, and the answers, out of the connection tracking table. Nothing translates them, so
 * they need no entry: each query would take one for thirty seconds, and while the table is full the kernel would drop it.
 *
 * <p>Policies judge every query then, not only the first one of a connection. Clients on other machines (option --dns-client) stay tracked:
 * the firewall of the node's administrator may depend on it.
 */
public final class DnsUntracked {

    private static final String QUERIES = "dns-untracked-prerouting";
    private static final String LOCAL = "dns-untracked-output";

    /** After the check of sources (fyr.compiler.guard) and the limit ({@link DnsLimit}), before connection tracking. */
    private static final int PREROUTING = -298;

    private static final int RAW = -300;
    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h
    private static final Bytes DNS = Bytes.u16(53);
    private static final Bytes LOOPBACK = ascii("lo", IFNAMSIZ);
    private static final Bytes OURS = ascii("fyr", 3);
    private static final Bytes NO_POD = ascii("fyr-", 4);

    private DnsUntracked() {}

    /** The chains of each family that has an address of cluster DNS. */
    public static Map<NftKey, NftObject> of(List<IpAddress> dnsAddresses) {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        for (Family family : Family.values()) {
            List<NftRule> queries = new ArrayList<>();
            List<NftRule> local = new ArrayList<>();
            for (IpAddress address : dnsAddresses) {
                if (address.family() == family) {
                    for (Protocol protocol : List.of(Protocol.UDP, Protocol.TCP)) {
                        queries.add(rule("a query of a pod", pod(MetaKey.IIFNAME), query(address, protocol)));
                        local.add(rule("a query of the node", loopback(), query(address, protocol)));
                        local.add(rule("an answer to a pod", pod(MetaKey.OIFNAME), answer(address, protocol)));
                        local.add(rule("an answer to the node", loopback(), answer(address, protocol)));
                    }
                }
            }
            if (!queries.isEmpty()) {
                put(
                        objects,
                        family,
                        QUERIES,
                        new NftHook(NftHook.Type.FILTER, NftHook.Point.PREROUTING, PREROUTING, false),
                        queries);
                put(objects, family, LOCAL, new NftHook(NftHook.Type.FILTER, NftHook.Point.OUTPUT, RAW, false), local);
            }
        }
        return objects;
    }

    private static void put(
            Map<NftKey, NftObject> objects, Family family, String name, NftHook hook, List<NftRule> rules) {
        objects.put(new NftKey.ChainKey(family, name), new NftObject.Chain(Optional.of(hook), rules));
    }

    private static NftRule rule(String comment, List<NftExpression> link, List<NftExpression> packet) {
        List<NftExpression> expressions = new ArrayList<>(packet);
        expressions.addAll(link);
        expressions.add(new NoTrack());
        return new NftRule(comment, expressions);
    }

    private static List<NftExpression> pod(MetaKey side) {
        return List.of(
                new Meta(side, 0),
                new Compare(0, Operator.EQUAL, OURS),
                new Meta(side, 0),
                new Compare(0, Operator.NOT_EQUAL, NO_POD));
    }

    private static List<NftExpression> loopback() {
        return List.of(new Meta(MetaKey.OIFNAME, 0), new Compare(0, Operator.EQUAL, LOOPBACK));
    }

    private static List<NftExpression> query(IpAddress address, Protocol protocol) {
        return packet(
                new PacketFields(address.family()).destination(0), address, protocol, PacketFields.destinationPort(0));
    }

    private static List<NftExpression> answer(IpAddress address, Protocol protocol) {
        return packet(
                new PacketFields(address.family()).source(0), address, protocol, new Payload(Base.TRANSPORT, 0, 2, 0));
    }

    private static List<NftExpression> packet(
            NftExpression end, IpAddress address, Protocol protocol, NftExpression port) {
        List<NftExpression> expressions = new ArrayList<>();
        expressions.add(end);
        expressions.add(new Compare(0, Operator.EQUAL, Bytes.of(address.toBytes())));
        expressions.addAll(PacketFields.ofProtocol(protocol.number(), 0));
        expressions.add(port);
        expressions.add(new Compare(0, Operator.EQUAL, DNS));
        return expressions;
    }

    private static Bytes ascii(String text, int length) {
        return Bytes.of(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length));
    }
}
