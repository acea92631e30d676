package fyr.testkit.contract;

import fyr.kernel.Delta;
import fyr.kernel.Tables;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** Random changes of packet rules, right or wrong: sets and maps of six types, their elements (intervals do not overlap), and chains that use them and each other. */
public final class RandomPacketRules {

    private static final List<String> SETS = List.of("addresses", "marks", "verdicts", "intervals", "ranges");

    private RandomPacketRules() {}

    /** A change of up to six objects. Nothing is made in a table or set that is deleted: no plan has that. */
    public static RandomChange<?, ?> change(SplittableRandom random) {
        Delta<NftKey, NftObject> any = RandomChange.of(
                        random, 6, Tables.NFT, RandomPacketRules::key, RandomPacketRules::object)
                .delta();
        SortedMap<NftKey, NftObject> upserts = new TreeMap<>(any.upserts());
        upserts.keySet().removeIf(key -> isInside(key, any.deletes()));
        return new RandomChange<>(Tables.NFT, new Delta<>(upserts, any.deletes()));
    }

    private static boolean isInside(NftKey key, Set<NftKey> deletes) {
        return deletes.contains(new NftKey.TableKey(key.family()))
                || key instanceof NftKey.ElementKey(Family family, String set, var _)
                        && deletes.contains(new NftKey.SetKey(family, set));
    }

    private static NftKey key(SplittableRandom random) {
        Family family = random.nextInt(4) == 0 ? Family.IPV6 : Family.IPV4;
        return switch (random.nextInt(12)) {
            case 0 -> new NftKey.TableKey(family);
            case 1, 2 -> new NftKey.SetKey(family, random.nextInt(5) == 0 ? "memory" : set(random));
            case 3, 4, 5 -> new NftKey.ChainKey(family, chain(random));
            default -> element(random, family, set(random));
        };
    }

    private static NftKey element(SplittableRandom random, Family family, String set) {
        Bytes number = Bytes.u32(4 * random.nextInt(8));
        Bytes key = set.equals("ranges") ? Bytes.concatenate(Bytes.u16(random.nextInt(2)), number) : number;
        return new NftKey.ElementKey(family, set, key);
    }

    private static String set(SplittableRandom random) {
        return SETS.get(random.nextInt(SETS.size()));
    }

    private static String chain(SplittableRandom random) {
        return "c" + random.nextInt(4);
    }

    private static NftObject object(SplittableRandom random, NftKey key) {
        return switch (key) {
            case NftKey.TableKey _ -> new NftObject.Table();
            case NftKey.SetKey(var _, String set)
            when set.equals("memory") ->
                new NftObject.Memory(List.of(NftField.IPV4_ADDR), List.of(NftField.MARK), 1 + random.nextInt(2));
            case NftKey.SetKey(var _, String set) -> type(other(random, set));
            case NftKey.ChainKey _ -> new NftObject.Chain(hook(random), rules(random));
            case NftKey.ElementKey(var _, String set, Bytes first) -> element(random, set, first);
        };
    }

    /** Sometimes a type that the elements do not fit. */
    private static String other(SplittableRandom random, String set) {
        return set.equals("intervals") || set.equals("ranges") || random.nextInt(8) > 0
                ? set
                : SETS.get(random.nextInt(3));
    }

    private static NftObject type(String set) {
        List<NftField> key = List.of(NftField.IPV4_ADDR);
        return switch (set) {
            case "marks" -> new NftObject.Set(key, List.of(NftField.MARK), false, false);
            case "verdicts" -> new NftObject.Set(key, List.of(), true, false);
            case "intervals" -> new NftObject.Set(key, List.of(), false, true);
            case "ranges" ->
                new NftObject.Set(
                        List.of(NftField.INET_SERVICE, NftField.IPV4_ADDR), List.of(NftField.MARK), false, true);
            default -> new NftObject.Set(key, List.of(), false, false);
        };
    }

    private static NftObject element(SplittableRandom random, String set, Bytes first) {
        return switch (set) {
            case "marks" -> single(new NftData.Value(Bytes.host32(random.nextInt(2))));
            case "verdicts" ->
                single(new NftData.Verdict(
                        random.nextBoolean() ? new NftVerdict.Drop() : new NftVerdict.Jump(chain(random))));
            case "intervals" -> {
                int last = first.toArray()[3] + random.nextInt(4);
                yield new NftObject.Element(Optional.of(Bytes.u32(last)), new NftData.None());
            }
            case "ranges" -> {
                byte[] last = first.toArray();
                last[7] += (byte) random.nextInt(4);
                yield new NftObject.Element(
                        Optional.of(Bytes.of(last)), new NftData.Value(Bytes.host32(random.nextInt(2))));
            }
            default -> single(new NftData.None());
        };
    }

    private static NftObject single(NftData data) {
        return new NftObject.Element(Optional.empty(), data);
    }

    private static Optional<NftHook> hook(SplittableRandom random) {
        NftHook.Point point = NftHook.Point.values()[random.nextInt(5)];
        NftHook hook = new NftHook(NftHook.Type.FILTER, point, random.nextInt(2), random.nextBoolean());
        return Optional.of(hook).filter(_ -> random.nextInt(4) == 0);
    }

    private static NftExpression load(int register) {
        return new NftExpression.Payload(NftExpression.Base.NETWORK, 12, 4, register);
    }

    private static List<NftRule> rules(SplittableRandom random) {
        List<NftRule> rules = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            NftExpression load = load(0);
            rules.add(new NftRule(
                    "rule " + random.nextInt(10),
                    switch (random.nextInt(6)) {
                        case 0 -> List.of(load, new NftExpression.Member("addresses", 0, random.nextBoolean()));
                        case 1 -> List.of(load, new NftExpression.MapLookup("marks", 0, 1));
                        case 2 -> List.of(load, new NftExpression.VerdictLookup("verdicts", 0));
                        case 3 -> List.of(load, load(1), new NftExpression.Remember("memory", 0, 1, 60));
                        case 4 -> List.of(load, load(1), new NftExpression.Forget("memory", 0, 1));
                        default -> List.of(new NftExpression.Verdict(new NftVerdict.Jump(chain(random))));
                    }));
        }
        return rules;
    }
}
