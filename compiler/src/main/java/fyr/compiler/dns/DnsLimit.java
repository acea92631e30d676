package fyr.compiler.dns;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.OverRate;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Limits the queries of one client to cluster DNS over UDP. Queries beyond the limit are dropped before any work is done for them: the
 * receive buffers, which all clients share, and connection tracking remain available to others. There is one rule for each address, however
 * many clients there are. (Over TCP the server reads each client's queries at this rate: fyr.dns.server.TcpLimits.)
 *
 * <p>Only clients that may ask at all are counted ({@link DnsAccess}): the meter has room for a limited number of addresses, and a client
 * that finds no room is not limited, so a host that makes up its addresses must not fill it.
 */
public final class DnsLimit {

    /**
     * Queries per second from one address. A pod that opens a thousand connections a second by name, each with a search list, sends fewer.
     */
    public static final int PER_SECOND = 5000;

    /** Queries that may arrive at once. */
    public static final int BURST = 1000;

    private static final String CHAIN = "dns-limit";
    private static final String RATE = "dns-rate";
    private static final String METER = "dns-rates";
    private static final int REMEMBERED_SECONDS = 60;
    private static final int MOST_CLIENTS = 8192;

    /** After the check of sources (fyr.compiler.guard), so that no pod can use up the share of another; before connection tracking. */
    private static final int BEFORE_TRACKING = -299;

    private static final int IPPROTO_UDP = 17;

    private DnsLimit() {}

    /** The name of the meter that counts a family's clients, by address. */
    public static NftKey.SetKey meter(Family family) {
        return new NftKey.SetKey(family, METER);
    }

    /** Chains and a meter for each family that has an address of cluster DNS; they refer to a chain of {@link DnsAccess}. */
    public static Map<NftKey, NftObject> of(List<IpAddress> dnsAddresses) {
        Map<NftKey, NftObject> objects = new TreeMap<>();
        for (Family family : Family.values()) {
            List<NftRule> rules = dnsAddresses.stream()
                    .filter(address -> address.family() == family)
                    .map(DnsLimit::query)
                    .toList();
            if (!rules.isEmpty()) {
                NftHook hook = new NftHook(NftHook.Type.FILTER, NftHook.Point.PREROUTING, BEFORE_TRACKING, false);
                objects.put(
                        meter(family),
                        new NftObject.Meter(
                                List.of(new PacketFields(family).address()), REMEMBERED_SECONDS, MOST_CLIENTS));
                objects.put(new NftKey.ChainKey(family, RATE), new NftObject.Chain(Optional.empty(), rate(family)));
                objects.put(new NftKey.ChainKey(family, CHAIN), new NftObject.Chain(Optional.of(hook), rules));
            }
        }
        return objects;
    }

    private static NftRule query(IpAddress address) {
        List<NftExpression> expressions = List.of(
                new PacketFields(address.family()).destination(0),
                new Compare(0, Operator.EQUAL, Bytes.of(address.toBytes())),
                PacketFields.protocol(0),
                new Compare(0, Operator.EQUAL, Bytes.u8(IPPROTO_UDP)),
                PacketFields.destinationPort(0),
                new Compare(0, Operator.EQUAL, Bytes.u16(53)),
                new NftExpression.Verdict(new NftVerdict.Jump(RATE)));
        return new NftRule("a query over UDP", expressions);
    }

    private static List<NftRule> rate(Family family) {
        List<NftExpression> tooMany = List.of(
                new PacketFields(family).source(0),
                new OverRate(METER, 0, PER_SECOND, BURST),
                new NftExpression.Verdict(new NftVerdict.Drop()));
        return List.of(
                new NftRule(
                        "who may not ask is not even counted",
                        List.of(new NftExpression.Verdict(new NftVerdict.Jump(DnsAccess.CLIENTS)))),
                new NftRule("one client does not take what all need", tooMany));
    }
}
