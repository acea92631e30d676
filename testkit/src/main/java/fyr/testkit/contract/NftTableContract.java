package fyr.testkit.contract;

import static fyr.kernel.Tables.NFT;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftKey.ChainKey;
import fyr.kernel.nft.NftKey.SetKey;
import fyr.kernel.nft.NftKey.TableKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the tables of nf_tables do: every change is a transaction. */
public abstract class NftTableContract extends KernelContract {

    private static final TableKey TABLE = new TableKey(Family.IPV4);
    private static final SetKey ADDRESSES = new SetKey(Family.IPV4, "addresses");
    private static final SetKey MARKS = new SetKey(Family.IPV4, "marks");
    private static final SetKey VERDICTS = new SetKey(Family.IPV4, "verdicts");
    private static final ChainKey TARGET = new ChainKey(Family.IPV4, "target");
    private static final ChainKey USER = new ChainKey(Family.IPV4, "user");
    private static final Errno EMLINK = new Errno(31);
    private static final NftObject EMPTY = new NftObject.Chain(Optional.empty(), List.of());
    private static final NftHook INPUT = new NftHook(NftHook.Type.FILTER, NftHook.Point.INPUT, 0, false);

    @BeforeEach
    void fill() {
        put(
                NFT,
                Map.of(
                        TABLE,
                        new NftObject.Table(),
                        ADDRESSES,
                        new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), false, false),
                        MARKS,
                        new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(NftField.MARK), false, false),
                        VERDICTS,
                        new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), true, false),
                        TARGET,
                        EMPTY,
                        element("addresses", 1),
                        none(),
                        element("marks", 1),
                        mark(7)));
    }

    private static NftKey element(String set, int number) {
        return new NftKey.ElementKey(Family.IPV4, set, Bytes.u32(number));
    }

    private static NftObject none() {
        return new NftObject.Element(Optional.empty(), new NftData.None());
    }

    private static NftObject mark(int value) {
        return new NftObject.Element(Optional.empty(), new NftData.Value(Bytes.host32(value)));
    }

    private static NftObject jump(String chain) {
        return new NftObject.Element(Optional.empty(), new NftData.Verdict(new NftVerdict.Jump(chain)));
    }

    private static NftObject chain(NftExpression... expressions) {
        return new NftObject.Chain(Optional.empty(), List.of(new NftRule("a rule", List.of(expressions))));
    }

    private static NftExpression load() {
        return new NftExpression.Payload(NftExpression.Base.NETWORK, 12, 4, 0);
    }

    private static NftObject member(String set) {
        return chain(load(), new NftExpression.Member(set, 0, false));
    }

    private static NftObject jumping(String chain) {
        return chain(new NftExpression.Verdict(new NftVerdict.Jump(chain)));
    }

    /** Makes a change that must be made completely, or else be refused and change nothing. */
    private Optional<Errno> change(Map<NftKey, NftObject> upserts, NftKey... deletes) {
        SortedMap<NftKey, NftObject> before = list(NFT);
        Optional<Errno> refusal =
                refusal(() -> table(NFT).apply(new Delta<>(new TreeMap<>(upserts), new TreeSet<>(List.of(deletes)))));
        if (refusal.isPresent()) {
            assertThat(list(NFT)).isEqualTo(before);
        } else {
            assertThat(list(NFT)).containsAllEntriesOf(upserts).doesNotContainKeys(deletes);
        }
        return refusal;
    }

    @Test
    void everythingIsMadeChangedAndDeletedInAnyOrder() {
        assertThat(change(Map.of(USER, member("addresses"), element("verdicts", 1), jump("user"))))
                .isEmpty();
        assertThat(change(Map.of(element("marks", 1), mark(8), element("verdicts", 1), jump("target"))))
                .isEmpty();
        assertThat(change(Map.of(), USER, ADDRESSES)).isEmpty();
        assertThat(list(NFT))
                .containsOnlyKeys(TABLE, MARKS, VERDICTS, TARGET, element("marks", 1), element("verdicts", 1));
    }

    @Test
    void whatIsAbsentCanBeDeleted() {
        assertThat(change(
                        Map.of(),
                        element("addresses", 9),
                        element("absent", 9),
                        USER,
                        new SetKey(Family.IPV4, "absent"),
                        new TableKey(Family.IPV6)))
                .isEmpty();
    }

    @Test
    void anElementOfAnAbsentSetIsRefusedWithAllElse() {
        assertThat(change(Map.of(element("absent", 1), none(), element("addresses", 2), none())))
                .contains(Errno.ENOENT);
        assertThat(change(Map.of(USER, EMPTY))).isEmpty();
        NftObject moved = new NftObject.Chain(Optional.of(INPUT), List.of());
        assertThat(change(Map.of(element("absent", 1), none(), USER, moved)))
                .as("also where the table has to be rebuilt")
                .contains(Errno.ENOENT);
    }

    @Test
    void aSetOrChainOfAnAbsentTableIsRefused() {
        NftObject set = new NftObject.Set(List.of(NftField.IPV6_ADDR), List.of(), false, false);
        assertThat(change(Map.of(new SetKey(Family.IPV6, "set"), set))).contains(Errno.ENOENT);
        assertThat(change(Map.of(new ChainKey(Family.IPV6, "chain"), EMPTY))).contains(Errno.ENOENT);
    }

    @Test
    void aRuleWithAnAbsentSetOrChainIsRefused() {
        for (NftObject chain : List.of(
                member("absent"),
                chain(load(), new NftExpression.MapLookup("absent", 0, 1)),
                chain(load(), new NftExpression.VerdictLookup("absent", 0)),
                chain(load(), new NftExpression.OverRate("absent", 0, 1, 1)),
                chain(load(), new NftExpression.OverCount("absent", 0, 1)),
                jumping("absent"),
                chain(new NftExpression.Verdict(new NftVerdict.Goto("absent"))))) {
            assertThat(change(Map.of(USER, chain, element("addresses", 2), none())))
                    .as("%s", chain)
                    .contains(Errno.ENOENT);
        }
    }

    @Test
    void aRuleUsesASetForWhatItIs() {
        for (NftObject chain : List.of(
                chain(load(), new NftExpression.MapLookup("addresses", 0, 1)),
                chain(load(), new NftExpression.MapLookup("verdicts", 0, 1)),
                chain(load(), new NftExpression.VerdictLookup("addresses", 0)),
                chain(load(), new NftExpression.VerdictLookup("marks", 0)))) {
            assertThat(change(Map.of(USER, chain, element("addresses", 2), none())))
                    .as("%s", chain)
                    .contains(Errno.EINVAL);
        }
        assertThat(change(Map.of(USER, member("marks"), TARGET, member("verdicts"))))
                .as("a map is a set of its keys")
                .isEmpty();
    }

    @Test
    void aVerdictForAnAbsentChainIsRefused() {
        assertThat(change(Map.of(element("verdicts", 2), jump("absent")))).contains(Errno.ENOENT);
    }

    @Test
    void aSetOrChainThatARuleUsesIsNotDeleted() {
        assertThat(change(Map.of(USER, member("addresses")))).isEmpty();
        assertThat(change(Map.of(element("marks", 1), mark(8)), ADDRESSES)).contains(Errno.ENOENT);
        assertThat(change(Map.of(USER, jumping("target")))).isEmpty();
        assertThat(change(Map.of(), TARGET)).contains(Errno.ENOENT);
        assertThat(change(Map.of(USER, EMPTY), TARGET, ADDRESSES))
                .as("with the last use")
                .isEmpty();
    }

    @Test
    void aChainThatAVerdictUsesIsNotDeleted() {
        assertThat(change(Map.of(element("verdicts", 1), jump("target")))).isEmpty();
        assertThat(change(Map.of(), TARGET)).contains(Errno.ENOENT);
        assertThat(change(Map.of(), TARGET, element("verdicts", 1))).isEmpty();
    }

    @Test
    void elementsGoWithTheirSetAndEverythingGoesWithItsTable() {
        assertThat(change(Map.of(), MARKS)).isEmpty();
        assertThat(list(NFT)).doesNotContainKey(element("marks", 1));
        remove(NFT, Set.of(TABLE));
        assertThat(list(NFT)).isEmpty();
    }

    @Test
    void anElementFitsItsSet() {
        NftKey tooShort = new NftKey.ElementKey(Family.IPV4, "addresses", Bytes.u16(1));
        assertThat(change(Map.of(tooShort, none()))).contains(Errno.EINVAL);
        assertThat(change(Map.of(element("addresses", 2), mark(1)))).contains(Errno.EINVAL);
        assertThat(change(Map.of(element("addresses", 2), until(3)))).contains(Errno.EINVAL);
        assertThat(change(Map.of(element("marks", 2), none()))).contains(Errno.EINVAL);
        NftObject shortValue = new NftObject.Element(Optional.empty(), new NftData.Value(Bytes.u16(1)));
        assertThat(change(Map.of(element("marks", 2), shortValue))).contains(Errno.EINVAL);
        assertThat(change(Map.of(element("marks", 2), jump("target")))).contains(Errno.EINVAL);
    }

    @Test
    void aSetOfAnotherTypeTakesTheOldElementsOnlyIfTheyFit() {
        NftObject ports = new NftObject.Set(List.of(NftField.INET_SERVICE), List.of(), false, false);
        assertThat(change(Map.of(ADDRESSES, ports))).contains(Errno.EINVAL);
        assertThat(change(Map.of(ADDRESSES, ports), element("addresses", 1))).isEmpty();
        NftObject marks = new NftObject.Set(List.of(NftField.MARK), List.of(NftField.MARK), false, false);
        assertThat(change(Map.of(MARKS, marks))).isEmpty();
        assertThat(list(NFT)).containsEntry(element("marks", 1), mark(7));
    }

    @Test
    void aChainCanMoveToAnyHook() {
        assertThat(change(Map.of(USER, new NftObject.Chain(Optional.of(INPUT), List.of()))))
                .isEmpty();
        NftHook output = new NftHook(NftHook.Type.ROUTE, NftHook.Point.OUTPUT, 5, false);
        assertThat(change(Map.of(USER, new NftObject.Chain(Optional.of(output), List.of()))))
                .isEmpty();
        assertThat(change(Map.of(USER, EMPTY))).isEmpty();
    }

    @Test
    void aTypeOfChainHasItsHooks() {
        NftHook nat = new NftHook(NftHook.Type.NAT, NftHook.Point.FORWARD, 0, false);
        assertThat(change(Map.of(USER, new NftObject.Chain(Optional.of(nat), List.of()))))
                .contains(Errno.EOPNOTSUPP);
        NftHook route = new NftHook(NftHook.Type.ROUTE, NftHook.Point.INPUT, 0, false);
        assertThat(change(Map.of(USER, new NftObject.Chain(Optional.of(route), List.of()))))
                .contains(Errno.EOPNOTSUPP);
    }

    @Test
    void nothingJumpsToAHook() {
        assertThat(change(Map.of(USER, new NftObject.Chain(Optional.of(INPUT), List.of()), TARGET, jumping("user"))))
                .contains(Errno.EOPNOTSUPP);
        assertThat(change(Map.of(
                        USER,
                        new NftObject.Chain(Optional.of(INPUT), List.of()),
                        element("verdicts", 1),
                        jump("user"))))
                .contains(Errno.EOPNOTSUPP);
    }

    @Test
    void chainsDoNotJumpInCircles() {
        NftHook forward = new NftHook(NftHook.Type.FILTER, NftHook.Point.FORWARD, 0, false);
        NftRule rule = new NftRule("", List.of(new NftExpression.Verdict(new NftVerdict.Jump("target"))));
        assertThat(change(Map.of(
                        new ChainKey(Family.IPV4, "base"),
                        new NftObject.Chain(Optional.of(forward), List.of(rule)),
                        USER,
                        jumping("target"),
                        TARGET,
                        jumping("user"))))
                .contains(EMLINK);
    }

    @Test
    void jumpsAreNotNestedMoreThanFifteenTimes() {
        Map<NftKey, NftObject> chains = new TreeMap<>();
        chains.put(new ChainKey(Family.IPV4, "c15"), EMPTY);
        for (int i = 1; i < 15; i++) {
            chains.put(new ChainKey(Family.IPV4, "c" + i), jumping("c" + (i + 1)));
        }
        NftRule rule = new NftRule("", List.of(new NftExpression.Verdict(new NftVerdict.Jump("c1"))));
        chains.put(new ChainKey(Family.IPV4, "base"), new NftObject.Chain(Optional.of(INPUT), List.of(rule)));
        assertThat(change(chains)).isEmpty();
        assertThat(change(Map.of(new ChainKey(Family.IPV4, "c15"), jumping("target"))))
                .contains(EMLINK);
        NftObject lookup = chain(load(), new NftExpression.VerdictLookup("verdicts", 0));
        assertThat(change(Map.of(new ChainKey(Family.IPV4, "c15"), lookup))).isEmpty();
        assertThat(change(Map.of(element("verdicts", 1), jump("target")))).contains(EMLINK);
    }

    @Test
    void namesHaveAtMost255Bytes() {
        String longest = "n".repeat(255);
        NftObject set = new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), false, false);
        assertThat(change(Map.of(
                        new ChainKey(Family.IPV4, longest),
                        EMPTY,
                        new SetKey(Family.IPV4, longest),
                        set,
                        element(longest, 3),
                        none())))
                .isEmpty();
        assertThat(change(Map.of(new ChainKey(Family.IPV4, longest + "n"), EMPTY)))
                .contains(ERANGE);
        assertThat(change(Map.of(new SetKey(Family.IPV4, longest + "n"), set))).contains(ERANGE);
        assertThat(change(Map.of(USER, jumping(longest + "n")))).contains(ERANGE);
        assertThat(change(Map.of(USER, member(longest + "n")))).contains(ERANGE);
    }

    @Test
    void intervalsDoNotOverlap() {
        SetKey nets = new SetKey(Family.IPV4, "nets");
        assertThat(change(Map.of(
                        nets,
                        new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), false, true),
                        element("nets", 10),
                        until(19))))
                .isEmpty();
        assertThat(change(Map.of(element("nets", 20), until(29))))
                .as("adjacent")
                .isEmpty();
        assertThat(change(Map.of(element("nets", 15), until(16)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(element("nets", 15), until(40)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(element("nets", 5), until(12)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(element("nets", 10), until(20)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(element("nets", 10), until(14)))).isEmpty();
        assertThat(change(Map.of(element("nets", 15), until(25)), element("nets", 20)))
                .as("in place of the other")
                .isEmpty();
    }

    @Test
    void rangesOfTheLastFieldDoNotOverlapWhereTheOtherFieldsAreEqual() {
        SetKey ranges = new SetKey(Family.IPV4, "ranges");
        NftObject type = new NftObject.Set(
                List.of(NftField.INET_SERVICE, NftField.IPV4_ADDR), List.of(NftField.MARK), false, true);
        assertThat(change(Map.of(ranges, type, range(80, 10), to(80, 19, 1)))).isEmpty();
        assertThat(change(Map.of(
                        range(81, 10), to(81, 30, 1), range(80, 20), to(80, 29, 2), range(79, 0), to(79, -1, 3))))
                .as("adjacent, or of another port")
                .isEmpty();
        assertThat(change(Map.of(range(80, 15), to(80, 16, 1)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(range(80, 15), to(80, 40, 1)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(range(80, 5), to(80, 12, 1)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(range(80, 10), to(80, 20, 1)))).contains(Errno.EEXIST);
        assertThat(change(Map.of(range(80, 10), to(80, 14, 1)))).as("narrower").isEmpty();
        assertThat(change(Map.of(range(80, 10), to(80, 19, 1)))).as("wider").isEmpty();
        assertThat(change(Map.of(range(80, 10), to(80, 19, 7))))
                .as("another value")
                .isEmpty();
        assertThat(change(Map.of(range(80, 10), to(80, 25, 1)), range(80, 20)))
                .as("over another that goes")
                .isEmpty();
        assertThat(change(Map.of(range(80, 8), to(80, 40, 1)), range(80, 10)))
                .as("around another that goes")
                .isEmpty();
        assertThat(change(Map.of(range(80, 9), to(80, 10, 1), range(80, 40), to(80, 40, 2)), range(80, 8)))
                .as("inside another that goes")
                .isEmpty();
        assertThat(change(Map.of(), range(80, 9), range(80, 39), range(82, 9))).isEmpty();
        assertThat(list(NFT)).containsEntry(range(80, 40), to(80, 40, 2)).doesNotContainKey(range(80, 9));
    }

    @Test
    void aRangeBehindExactFieldsHasTwoEnds() {
        SetKey ranges = new SetKey(Family.IPV4, "ranges");
        NftObject type = new NftObject.Set(
                List.of(NftField.INET_SERVICE, NftField.IPV4_ADDR), List.of(NftField.MARK), false, true);
        assertThat(change(Map.of(ranges, type, range(80, 10), to(80, 9, 1)))).contains(Errno.EINVAL);
        NftObject tooShort = new NftObject.Element(Optional.of(Bytes.u32(9)), new NftData.Value(Bytes.host32(1)));
        assertThat(change(Map.of(ranges, type, range(80, 10), tooShort))).contains(Errno.EINVAL);
        assertThat(change(Map.of(ranges, type, range(80, 10), to(80, 19, 1)))).isEmpty();
        NftObject other = new NftObject.Set(
                List.of(NftField.INET_PROTO, NftField.IPV4_ADDR), List.of(NftField.MARK), false, true);
        assertThat(change(Map.of(ranges, other), range(80, 10)))
                .as("another type")
                .isEmpty();
    }

    private static NftKey range(int port, int first) {
        return new NftKey.ElementKey(Family.IPV4, "ranges", Bytes.concatenate(Bytes.u16(port), Bytes.u32(first)));
    }

    private static NftObject to(int port, int last, int value) {
        return new NftObject.Element(
                Optional.of(Bytes.concatenate(Bytes.u16(port), Bytes.u32(last))),
                new NftData.Value(Bytes.host32(value)));
    }

    private static NftObject memory(int size) {
        return new NftObject.Memory(List.of(NftField.IPV4_ADDR), List.of(NftField.MARK), size);
    }

    private static NftExpression immediate() {
        return new NftExpression.Immediate(1, Bytes.host32(5));
    }

    @Test
    void rulesFillAMap() {
        SetKey memory = new SetKey(Family.IPV4, "memory");
        NftObject uses = chain(
                load(),
                immediate(),
                new NftExpression.Remember("memory", 0, 1, 10_800),
                new NftExpression.Forget("memory", 0, 1),
                new NftExpression.MapLookup("memory", 0, 1));
        assertThat(change(Map.of(USER, uses))).contains(Errno.ENOENT);
        assertThat(change(Map.of(memory, memory(10), USER, uses))).isEmpty();
        assertThat(change(Map.of(memory, memory(20)))).isEmpty();
        assertThat(change(Map.of(), memory)).as("while a rule uses it").contains(Errno.ENOENT);
        assertThat(change(Map.of(TARGET, chain(load(), new NftExpression.VerdictLookup("memory", 0)))))
                .contains(Errno.EINVAL);
        assertThat(change(Map.of(USER, EMPTY), memory)).isEmpty();
    }

    @Test
    void rulesFillNoOtherMap() {
        SetKey meter = new SetKey(Family.IPV4, "meter");
        assertThat(change(Map.of(meter, new NftObject.Meter(List.of(NftField.IPV4_ADDR), 60, 10))))
                .isEmpty();
        for (String set : List.of("marks", "verdicts", "addresses", "meter")) {
            assertThat(change(Map.of(USER, chain(load(), immediate(), new NftExpression.Remember(set, 0, 1, 60)))))
                    .as(set)
                    .contains(Errno.EOPNOTSUPP);
        }
        for (String set : List.of("verdicts", "addresses", "meter")) {
            assertThat(change(Map.of(USER, chain(load(), immediate(), new NftExpression.Forget(set, 0, 1)))))
                    .as(set)
                    .contains(Errno.EOPNOTSUPP);
        }
        assertThat(change(Map.of(USER, chain(load(), new NftExpression.MapLookup("meter", 0, 1)))))
                .contains(Errno.EINVAL);
    }

    private static NftObject until(int last) {
        return new NftObject.Element(Optional.of(Bytes.u32(last)), new NftData.None());
    }
}
