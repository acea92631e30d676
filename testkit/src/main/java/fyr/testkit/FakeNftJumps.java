package fyr.testkit;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** How packets go from chain to chain: from a hook not deeper than the kernel's stack (nft_chain_validate). */
final class FakeNftJumps {

    /** NFT_JUMP_STACK_SIZE. */
    private static final int STACK = 16;

    private static final Errno EMLINK = new Errno(31);

    private final Map<NftKey, NftObject> state;
    private final Map<NftKey, Integer> depths = new HashMap<>();

    /** The chains that each verdict map leads to. */
    private final Map<NftKey, Set<NftKey>> maps = new HashMap<>();

    private FakeNftJumps(Map<NftKey, NftObject> state) {
        this.state = state;
        state.forEach((key, object) -> {
            if (key instanceof NftKey.ElementKey(Family family, String set, var _)
                    && object instanceof NftObject.Element(var _, NftData.Verdict(NftVerdict verdict))) {
                target(family, verdict)
                        .ifPresent(chain -> maps.computeIfAbsent(new NftKey.SetKey(family, set), _ -> new HashSet<>())
                                .add(chain));
            }
        });
    }

    static void check(Map<NftKey, NftObject> state) {
        FakeNftJumps jumps = new FakeNftJumps(state);
        state.keySet().forEach(key -> {
            if (jumps.isBase(key) && jumps.depth(key) > STACK) {
                throw new KernelException("NFT_MSG_NEWRULE " + key, EMLINK, "");
            }
        });
    }

    private boolean isBase(NftKey chain) {
        return state.get(chain) instanceof NftObject.Chain(var hook, var _) && hook.isPresent();
    }

    /** How many chains are on the way from this one, which counts, to the farthest one. A circle is deeper than any stack. */
    private int depth(NftKey chain) {
        Integer known = depths.get(chain);
        if (known != null) {
            return known;
        }
        depths.put(chain, STACK + 1); // as long as the way leads back here
        int depth = 1
                + targets(chain, state.getOrDefault(chain, new NftObject.Foreign("")))
                        .mapToInt(this::depth)
                        .max()
                        .orElse(0);
        depths.put(chain, depth);
        return depth;
    }

    private Stream<NftKey> targets(NftKey key, NftObject object) {
        Family family = key.family();
        return switch (object) {
            case NftObject.Chain(var _, var rules) ->
                rules.stream().flatMap(rule -> rule.expressions().stream()).flatMap(expression -> switch (expression) {
                    case NftExpression.Verdict(NftVerdict verdict) -> target(family, verdict).stream();
                    case NftExpression.VerdictLookup(String map, var _) ->
                        maps.getOrDefault(new NftKey.SetKey(family, map), Set.of()).stream();
                    default -> Stream.empty();
                });
            case NftObject.Element(var _, NftData.Verdict(NftVerdict verdict)) -> target(family, verdict).stream();
            default -> Stream.empty();
        };
    }

    private static Optional<NftKey> target(Family family, NftVerdict verdict) {
        return switch (verdict) {
            case NftVerdict.Jump(String chain) -> Optional.of(new NftKey.ChainKey(family, chain));
            case NftVerdict.Goto(String chain) -> Optional.of(new NftKey.ChainKey(family, chain));
            case NftVerdict.Accept(), NftVerdict.Drop(), NftVerdict.Return() -> Optional.empty();
        };
    }
}
