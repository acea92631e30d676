package fyr.testkit;

import fyr.kernel.Errno;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Whether what rules and elements use by name exists and is of the right kind. */
final class FakeNftUses {

    static final Errno ERANGE = new Errno(34);

    /** NFT_NAME_MAXLEN without the NUL. */
    private static final int LONGEST_NAME = 255;

    private final Map<NftKey, NftObject> state;

    FakeNftUses(Map<NftKey, NftObject> state) {
        this.state = state;
    }

    static boolean isTooLong(String name) {
        return name.length() > LONGEST_NAME;
    }

    /** Why an expression of a rule is refused; empty if it is not. */
    Optional<Errno> refusal(Family family, NftExpression expression) {
        return switch (expression) {
            case NftExpression.Member(String set, var _, var _) -> ofSet(family, set, _ -> true); // a map, too
            case NftExpression.MapLookup(String map, var _, var _) -> ofSet(family, map, FakeNftUses::hasValues);
            case NftExpression.VerdictLookup(String map, var _) ->
                ofSet(family, map, type -> type instanceof NftObject.Set set && set.verdicts());
            case NftExpression.Remember(String map, var _, var _, var _) -> ofMemory(family, map);
            case NftExpression.Forget(String map, var _, var _) -> ofMemory(family, map);
            case NftExpression.OverRate(String meter, var _, var _, var _) -> ofMeter(family, meter);
            case NftExpression.OverCount(String meter, var _, var _) -> ofMeter(family, meter);
            case NftExpression.Verdict(NftVerdict verdict) -> refusal(family, verdict);
            default -> Optional.empty();
        };
    }

    /** Why the value of an element is refused; empty if it is not. */
    Optional<Errno> refusal(Family family, NftData data) {
        return data instanceof NftData.Verdict(NftVerdict verdict) ? refusal(family, verdict) : Optional.empty();
    }

    private Optional<Errno> refusal(Family family, NftVerdict verdict) {
        return switch (verdict) {
            case NftVerdict.Jump(String chain) -> ofChain(family, chain);
            case NftVerdict.Goto(String chain) -> ofChain(family, chain);
            case NftVerdict.Accept(), NftVerdict.Drop(), NftVerdict.Return() -> Optional.empty();
        };
    }

    private static boolean hasValues(NftObject type) {
        return type instanceof NftObject.Memory
                || type instanceof NftObject.Set set && !set.data().isEmpty();
    }

    private Optional<Errno> ofSet(Family family, String name, Predicate<NftObject> suits) {
        NftKey key = new NftKey.SetKey(family, name);
        return ofName(key, name).or(() -> Optional.of(Errno.EINVAL).filter(_ -> !suits.test(state.get(key))));
    }

    private Optional<Errno> ofMemory(Family family, String name) {
        NftKey key = new NftKey.SetKey(family, name);
        return ofName(key, name)
                .or(() -> Optional.of(Errno.EOPNOTSUPP).filter(_ -> !(state.get(key) instanceof NftObject.Memory)));
    }

    private Optional<Errno> ofMeter(Family family, String name) {
        return ofName(new NftKey.SetKey(family, name), name);
    }

    /** A chain at a hook is called by the hook only. */
    private Optional<Errno> ofChain(Family family, String name) {
        NftKey key = new NftKey.ChainKey(family, name);
        return ofName(key, name)
                .or(() -> Optional.of(Errno.EOPNOTSUPP)
                        .filter(_ -> state.get(key) instanceof NftObject.Chain(var hook, var _) && hook.isPresent()));
    }

    private Optional<Errno> ofName(NftKey key, String name) {
        if (isTooLong(name)) {
            return Optional.of(ERANGE);
        }
        return state.containsKey(key) ? Optional.empty() : Optional.of(Errno.ENOENT);
    }
}
