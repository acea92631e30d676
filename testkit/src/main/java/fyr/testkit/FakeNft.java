package fyr.testkit;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.Tables;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/**
 * The nf_tables tables of a fake kernel. A change is one transaction. Whatever order the kernel would need for it, {@code NftTable} finds it
 * or rebuilds the table; so a change is possible if the state that it leads to is.
 */
public final class FakeNft extends FakeTable<NftKey, NftObject> {

    FakeNft() {
        super(Tables.NFT);
    }

    @Override
    protected void change(Delta<NftKey, NftObject> delta) {
        NavigableMap<NftKey, NftObject> state = new TreeMap<>(contents);
        delta.deletes().forEach(state::remove);
        delta.deletes().forEach(deleted -> state.keySet().removeIf(key -> isInside(key, deleted)));
        state.putAll(delta.upserts());
        check(state);
        FakeNftJumps.check(state);
        contents.keySet().retainAll(state.keySet());
        contents.putAll(state);
    }

    /** What is deleted with a table or set. */
    private static boolean isInside(NftKey key, NftKey deleted) {
        return key.family() == deleted.family()
                && switch (deleted) {
                    case NftKey.TableKey _ -> true;
                    case NftKey.SetKey(var _, String set) ->
                        key instanceof NftKey.ElementKey(var _, String of, var _) && of.equals(set);
                    case NftKey.ChainKey _, NftKey.ElementKey _ -> false;
                };
    }

    /** In the order of the kernel's messages: sets and chains, the rules of new chains without hook, elements, all other rules. */
    private void check(NavigableMap<NftKey, NftObject> state) {
        FakeNftUses uses = new FakeNftUses(state);
        state.forEach((key, object) -> refuse(key, ofObject(key, object, state)));
        checkRules(state, uses, this::isNewWithoutHook);
        state.forEach((key, object) -> {
            if (key instanceof NftKey.ElementKey element && object instanceof NftObject.Element value) {
                refuse(key, ofElement(element, value, state).or(() -> uses.refusal(key.family(), value.data())));
                refuse(key, Optional.of(Errno.EEXIST).filter(_ -> isOverlapping(element, state)));
            }
        });
        checkRules(state, uses, (key, chain) -> !isNewWithoutHook(key, chain));
    }

    private boolean isNewWithoutHook(NftKey key, NftObject.Chain chain) {
        return chain.hook().isEmpty() && !contents.containsKey(key);
    }

    private static void checkRules(
            NavigableMap<NftKey, NftObject> state, FakeNftUses uses, BiPredicate<NftKey, NftObject.Chain> which) {
        state.forEach((key, object) -> {
            if (object instanceof NftObject.Chain chain && which.test(key, chain)) {
                chain.rules().stream()
                        .flatMap(rule -> rule.expressions().stream())
                        .forEach(expression -> refuse(key, uses.refusal(key.family(), expression)));
            }
        });
    }

    private static void refuse(NftKey key, Optional<Errno> errno) {
        errno.ifPresent(reason -> {
            throw new KernelException("NFT_MSG " + key, reason, "");
        });
    }

    /**
     * The kernel does not notice an overlap of intervals that end at the same place, nor a new interval around an old one in a set with
     * several key fields; no plan has any.
     */
    private static boolean isOverlapping(NftKey.ElementKey key, NavigableMap<NftKey, NftObject> state) {
        Map.Entry<NftKey, NftObject> lower = state.lowerEntry(key);
        return lower != null
                && lower.getKey() instanceof NftKey.ElementKey(var family, String set, var _)
                && key.family() == family
                && key.set().equals(set)
                && lower.getValue() instanceof NftObject.Element(Optional<Bytes> last, var _)
                && last.filter(end -> end.compareTo(key.key()) >= 0).isPresent();
    }

    private static Optional<Errno> ofObject(NftKey key, NftObject object, Map<NftKey, NftObject> state) {
        if (FakeNftUses.isTooLong(name(key))) {
            return Optional.of(FakeNftUses.ERANGE);
        }
        if (!(key instanceof NftKey.ElementKey) && !state.containsKey(new NftKey.TableKey(key.family()))) {
            return Optional.of(Errno.ENOENT);
        }
        return object instanceof NftObject.Chain(Optional<NftHook> hook, var _)
                        && !hook.map(FakeNft::exists).orElse(true)
                ? Optional.of(Errno.EOPNOTSUPP)
                : Optional.empty();
    }

    private static Optional<Errno> ofElement(
            NftKey.ElementKey key, NftObject.Element element, Map<NftKey, NftObject> state) {
        if (!(state.get(new NftKey.SetKey(key.family(), key.set())) instanceof NftObject.Set type)) {
            return Optional.of(Errno.ENOENT);
        }
        boolean fits = fits(key.key(), element.data(), type)
                && element.last().map(last -> isRange(key.key(), last, type)).orElse(true);
        return fits ? Optional.empty() : Optional.of(Errno.EINVAL);
    }

    /** The kernel takes ranges of earlier fields, too, which no plan has; and it takes the end of a range of one field for another entry. */
    private static boolean isRange(Bytes first, Bytes last, NftObject.Set type) {
        boolean concatenated = type.key().size() > 1;
        return type.interval() && first.length() == last.length() && (!concatenated || first.compareTo(last) <= 0);
    }

    private static boolean exists(NftHook hook) {
        return switch (hook.type()) {
            case FILTER -> true;
            case NAT -> hook.point() != NftHook.Point.FORWARD;
            case ROUTE -> hook.point() == NftHook.Point.OUTPUT;
        };
    }

    private static String name(NftKey key) {
        return switch (key) {
            case NftKey.TableKey _ -> NftKey.TABLE;
            case NftKey.SetKey(var _, String set) -> set;
            case NftKey.ChainKey(var _, String chain) -> chain;
            case NftKey.ElementKey(var _, String set, var _) -> set;
        };
    }

    private static boolean fits(Bytes key, NftData data, NftObject.Set type) {
        return key.length() == length(type.key())
                && switch (data) {
                    case NftData.None() -> type.data().isEmpty() && !type.verdicts();
                    case NftData.Value(Bytes value) -> !type.data().isEmpty() && value.length() == length(type.data());
                    case NftData.Verdict _ -> type.verdicts();
                };
    }

    private static int length(List<NftField> fields) {
        return fields.size() == 1
                ? fields.getFirst().length()
                : fields.stream().mapToInt(NftField::paddedLength).sum();
    }
}
