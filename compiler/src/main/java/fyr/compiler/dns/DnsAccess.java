package fyr.compiler.dns;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Bitwise;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Meta;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Who may query cluster DNS: the node itself, pods of the node, and clients that the administrator names. Every node has the addresses of
 * cluster DNS, so any host that can send packets to a node can route these addresses there. A query from any other host is dropped before
 * it reaches the socket; the chain's counter says how many were.
 */
public final class DnsAccess {

    private static final String CHECK = "dns-access";
    /** A chain that returns for whom is allowed, and drops the packets of others. */
    static final String CLIENTS = "dns-clients";

    /** After destination translation, before services reject packets and policies judge them. */
    private static final int PRIORITY = -20;

    private static final int IPPROTO_TCP = 6;
    private static final int IPPROTO_UDP = 17;
    private static final int IFNAMSIZ = 16; // include/uapi/linux/if.h
    private static final Bytes DNS = Bytes.u16(53);
    private static final Bytes OURS = ascii("fyr", 3);
    private static final Bytes NO_POD = ascii("fyr-", 4);

    private final PacketFields fields;

    private DnsAccess(Family family) {
        fields = new PacketFields(family);
    }

    /**
     * The chains of each family that has an address of cluster DNS.
     *
     * @param clients who may query in addition to pods and the node, by source address
     */
    public static Map<NftKey, NftObject> of(List<IpAddress> dnsAddresses, List<Prefix> clients) {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        for (Family family : Family.values()) {
            List<IpAddress> addresses = dnsAddresses.stream()
                    .filter(address -> address.family() == family)
                    .toList();
            if (!addresses.isEmpty()) {
                DnsAccess access = new DnsAccess(family);
                NftHook hook = new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, PRIORITY, false);
                objects.put(
                        new NftKey.ChainKey(family, CHECK),
                        new NftObject.Chain(Optional.of(hook), access.queries(addresses)));
                objects.put(
                        new NftKey.ChainKey(family, CLIENTS),
                        new NftObject.Chain(Optional.empty(), access.clients(clients)));
            }
        }
        return objects;
    }

    private List<NftRule> queries(List<IpAddress> addresses) {
        List<NftRule> rules = new ArrayList<>();
        for (IpAddress address : addresses) {
            rules.add(query("a query over UDP", address, IPPROTO_UDP));
            rules.add(query("a query over TCP", address, IPPROTO_TCP));
        }
        return rules;
    }

    private NftRule query(String comment, IpAddress address, int protocol) {
        return new NftRule(
                comment,
                List.of(
                        fields.destination(0),
                        equal(Bytes.of(address.toBytes())),
                        PacketFields.protocol(0),
                        equal(Bytes.u8(protocol)),
                        PacketFields.destinationPort(0),
                        equal(DNS),
                        new NftExpression.Verdict(new NftVerdict.Jump(CLIENTS))));
    }

    private List<NftRule> clients(List<Prefix> clients) {
        NftExpression allowed = new NftExpression.Verdict(new NftVerdict.Return());
        Meta input = new Meta(MetaKey.IIFNAME, 0);
        List<NftRule> rules = new ArrayList<>();
        rules.add(new NftRule("the node itself", List.of(input, equal(ascii("lo", IFNAMSIZ)), allowed)));
        rules.add(new NftRule(
                "a pod of this node",
                List.of(input, equal(OURS), input, new Compare(0, Operator.NOT_EQUAL, NO_POD), allowed)));
        clients.stream()
                .filter(prefix -> prefix.family() == fields.family())
                .map(prefix -> new NftRule(
                        "option --dns-client " + prefix,
                        List.of(
                                fields.source(0),
                                new Bitwise(
                                        0,
                                        0,
                                        mask(prefix),
                                        Bytes.of(new byte[prefix.family().bytes()])),
                                equal(Bytes.of(prefix.address().toBytes())),
                                allowed)))
                .forEach(rules::add);
        rules.add(new NftRule(
                "nobody else asks cluster DNS",
                List.of(new NftExpression.Counter(), new NftExpression.Verdict(new NftVerdict.Drop()))));
        return rules;
    }

    private static Bytes mask(Prefix prefix) {
        byte[] mask = new byte[prefix.family().bytes()];
        for (int bit = 0; bit < prefix.length(); bit++) {
            mask[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return Bytes.of(mask);
    }

    private static Compare equal(Bytes value) {
        return new Compare(0, Operator.EQUAL, value);
    }

    private static Bytes ascii(String text, int length) {
        return Bytes.of(Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), length));
    }
}
