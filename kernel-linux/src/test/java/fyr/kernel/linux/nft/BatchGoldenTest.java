package fyr.kernel.linux.nft;

import fyr.kernel.Delta;
import fyr.kernel.linux.netlink.GoldenMessage;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
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
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class BatchGoldenTest {

    private static final NftKey TABLE = new NftKey.TableKey(Family.IPV4);
    private static final NftKey NETS = new NftKey.SetKey(Family.IPV4, "nets");
    private static final NftKey TEN = new NftKey.ElementKey(Family.IPV4, "nets", Bytes.u32(0x0a000000));

    private static void check(String name, String command, Changes changes, Known known, OptionalInt generation) {
        GoldenMessage.check(name, command, Transactions.batch(changes.steps(known), generation, 1));
    }

    private static Changes changes(Map<NftKey, NftObject> upserts, Set<NftKey> deletes) {
        return new Changes(new Delta<>(new TreeMap<>(upserts), new TreeSet<>(deletes)), Set.of(), Set.of());
    }

    @Test
    void services() {
        ServiceRuleset ruleset = new ServiceRuleset(Family.IPV6, List.of(2));
        List<IpAddress> endpoints = List.of(IpAddress.parse("fd00:b::1"), IpAddress.parse("fd00:b::2"));
        ruleset.service(IpAddress.parse("fd00:96::1"), 6, 80, endpoints, 8080);
        String command =
                "no equivalent: chain pick-2 looks up numgen in a concatenation with type mark, which nft's grammar refuses";
        check(
                "nft-services-ip6",
                command,
                new Changes(ruleset.creation(), Set.of(), Set.of()),
                new Known(),
                OptionalInt.of(7));
    }

    @Test
    void interval() {
        NftObject set = new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), false, true);
        NftObject net = new NftObject.Element(Optional.of(Bytes.u32(0x0affffff)), new NftData.None());
        check(
                "nft-interval",
                "nft 'add table ip fyr; add set ip fyr nets { type ipv4_addr; flags interval; elements = { 10.0.0.0/8 } }'",
                changes(Map.of(TABLE, new NftObject.Table(), NETS, set, TEN, net), Set.of()),
                new Known(),
                OptionalInt.empty());
    }

    @Test
    void rangesBehindAnExactField() {
        NftObject set = new NftObject.Set(List.of(NftField.INET_SERVICE, NftField.IPV4_ADDR), List.of(), false, true);
        NftKey key =
                new NftKey.ElementKey(Family.IPV4, "nets", Bytes.concatenate(Bytes.u16(80), Bytes.u32(0x0a000000)));
        NftObject net = new NftObject.Element(
                Optional.of(Bytes.concatenate(Bytes.u16(80), Bytes.u32(0x0affffff))), new NftData.None());
        check(
                "nft-ranges",
                "nft 'add table ip fyr; add set ip fyr nets { type inet_service . ipv4_addr; flags interval; elements = { 80 . 10.0.0.0/8 } }'",
                changes(Map.of(TABLE, new NftObject.Table(), NETS, set, key, net), Set.of()),
                new Known(),
                OptionalInt.empty());
    }

    @Test
    void memory() {
        NftObject map = new NftObject.Memory(List.of(NftField.IPV4_ADDR), List.of(NftField.IPV4_ADDR), 1000);
        NftRule rule = new NftRule(
                "",
                List.of(
                        new NftExpression.Payload(NftExpression.Base.NETWORK, 12, 4, 0),
                        new NftExpression.Payload(NftExpression.Base.NETWORK, 16, 4, 4),
                        new NftExpression.Remember("memory", 0, 4, 10_800),
                        new NftExpression.Forget("memory", 0, 4)));
        check(
                "nft-memory",
                "nft 'add table ip fyr; add map ip fyr memory { type ipv4_addr : ipv4_addr; size 1000; flags dynamic,timeout; }; "
                        + "add chain ip fyr c; flush chain ip fyr c; "
                        + "add rule ip fyr c update @memory { ip saddr timeout 3h : ip daddr } delete @memory { ip saddr : ip daddr }'",
                changes(
                        Map.of(
                                TABLE,
                                new NftObject.Table(),
                                new NftKey.SetKey(Family.IPV4, "memory"),
                                map,
                                new NftKey.ChainKey(Family.IPV4, "c"),
                                new NftObject.Chain(Optional.empty(), List.of(rule))),
                        Set.of()),
                new Known(),
                OptionalInt.empty());
    }

    @Test
    void deletions() {
        Known known = new Known();
        known.learn(Map.of(TEN, new NftObject.Element(Optional.of(Bytes.u32(0x0affffff)), new NftData.None())));
        Set<NftKey> deletes =
                Set.of(TEN, new NftKey.ChainKey(Family.IPV4, "old"), new NftKey.SetKey(Family.IPV4, "other"));
        check(
                "nft-deletions",
                "nft 'delete element ip fyr nets { 10.0.0.0/8 }; flush chain ip fyr old; delete chain ip fyr old; delete set ip fyr other'",
                changes(Map.of(), deletes),
                known,
                OptionalInt.empty());
    }

    @Test
    void chain() {
        NftRule rule = new NftRule(
                "answers",
                List.of(
                        new NftExpression.Ct(NftExpression.CtKey.STATE, 0),
                        new NftExpression.Bitwise(0, 0, Bytes.host32(6), Bytes.host32(0)),
                        new NftExpression.Compare(0, NftExpression.Operator.NOT_EQUAL, Bytes.host32(0)),
                        new NftExpression.Counter(),
                        new NftExpression.Verdict(new NftVerdict.Accept())));
        NftHook hook = new NftHook(NftHook.Type.FILTER, NftHook.Point.FORWARD, -5, true);
        check(
                "nft-chain",
                "nft 'add chain ip fyr forward { type filter hook forward priority -5; policy drop; }; flush chain ip fyr forward; "
                        + "add rule ip fyr forward ct state established,related counter accept comment \"answers\"'",
                changes(
                        Map.of(
                                new NftKey.ChainKey(Family.IPV4, "forward"),
                                new NftObject.Chain(Optional.of(hook), List.of(rule))),
                        Set.of()),
                new Known(),
                OptionalInt.empty());
    }
}
