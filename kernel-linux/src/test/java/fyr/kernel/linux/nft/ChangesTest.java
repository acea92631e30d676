package fyr.kernel.linux.nft;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.linux.nft.Step.Kind;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The order of the steps of a change: what it has to do with the kernel's work, and with packets if the change is split. */
final class ChangesTest {

    private static final NftKey SET = new NftKey.SetKey(Family.IPV4, "map");
    private static final NftKey ELEMENT = new NftKey.ElementKey(Family.IPV4, "map", Bytes.u32(1));
    private static final NftKey INNER = new NftKey.ChainKey(Family.IPV4, "inner");
    private static final NftKey BASE = new NftKey.ChainKey(Family.IPV4, "base");
    private static final NftRule RULE = new NftRule("", List.of(new NftExpression.Verdict(new NftVerdict.Accept())));
    private static final NftObject CHAIN = new NftObject.Chain(Optional.empty(), List.of(RULE));

    private static final Map<NftKey, NftObject> EVERYTHING = Map.of(
            SET,
            new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), true, false),
            ELEMENT,
            new NftObject.Element(Optional.empty(), new NftData.Verdict(new NftVerdict.Goto("inner"))),
            INNER,
            CHAIN,
            BASE,
            new NftObject.Chain(
                    Optional.of(new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false)), List.of(RULE)));

    private static List<String> steps(Known known) {
        Delta<NftKey, NftObject> delta = new Delta<>(new TreeMap<>(EVERYTHING), new TreeSet<>());
        return new Changes(delta, Set.of(), Set.of())
                .steps(known).stream()
                        .filter(step -> step.kind() == Kind.NEWRULE || step.kind() == Kind.NEWSETELEM)
                        .map(step -> step.kind() == Kind.NEWRULE ? step.key().toString() : "elements")
                        .toList();
    }

    @Test
    void rulesOfANewChainWithoutHookComeBeforeElements() {
        assertThat(steps(new Known())).containsExactly("chain ip fyr inner", "elements", "chain ip fyr base");
    }

    @Test
    void rulesOfAChainThatPacketsMayPassComeAfterElements() {
        Known known = new Known();
        known.learn(Map.of(INNER, CHAIN));
        assertThat(steps(known)).containsExactly("elements", "chain ip fyr base", "chain ip fyr inner");
    }
}
