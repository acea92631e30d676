package fyr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.reconciler.Reconciler;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReconcilerTest {

    private final FakeTable<String, String> table = new FakeTable<>("routes");
    private final List<Observation> seen = new ArrayList<>();
    private final Reconciler<String, String> reconciler = new Reconciler<>(table, seen::add);

    @Test
    void aFreshStartRemovesLeftoversAndKeepsWhatIsRight() {
        table.contents.putAll(Map.of("right", "1", "wrong", "2", "left over", "3"));
        PersistentMap<String, String> desired = PersistentMap.of(Map.of("right", "1", "wrong", "other", "new", "4"));
        assertThat(reconciler.reconcile(desired)).isTrue();
        assertThat(table.contents).isEqualTo(desired.sorted());
        assertThat(table.deltas).hasSize(1);
        assertThat(table.deltas.getFirst().upserts()).containsOnlyKeys("wrong", "new");
        assertThat(table.deltas.getFirst().deletes()).containsExactly("left over");
        assertThat(seen).noneMatch(Observation.DriftRepaired.class::isInstance);
    }

    @Test
    void afterwardsOnlyTheDifferenceIsWrittenAndNothingIsRead() {
        PersistentMap<String, String> first = PersistentMap.of(Map.of("a", "1", "b", "1"));
        reconciler.reconcile(first);
        reconciler.reconcile(first.with("b", "2").without("a"));
        assertThat(table.lists).isEqualTo(1);
        assertThat(table.deltas.getLast().upserts()).containsExactly(Map.entry("b", "2"));
        assertThat(table.deltas.getLast().deletes()).containsExactly("a");
    }

    @Test
    void aCheckSeesEveryEntryThatHasChanged() {
        PersistentMap<String, String> desired = PersistentMap.empty();
        for (int i = 0; i < 200; i++) {
            desired = desired.with("pod" + i, "0");
        }
        reconciler.check();
        assertThat(table.lists).as("nothing is expected yet").isZero();
        reconciler.reconcile(desired);
        reconciler.check();
        assertThat(reconciler.isInDoubt()).isFalse();
        for (int i = 0; i < 200; i += 17) {
            table.contents.put("pod" + i, "1");
            reconciler.check();
            assertThat(reconciler.isInDoubt()).isTrue();
            reconciler.reconcile(desired);
            assertThat(table.contents).containsEntry("pod" + i, "0");
        }
        table.contents.remove("pod7");
        reconciler.check();
        assertThat(reconciler.isInDoubt())
                .as("a setting that went with its link")
                .isFalse();
    }

    @Test
    void nothingIsWrittenWhenNothingChanged() {
        PersistentMap<String, String> desired = PersistentMap.of(Map.of("a", "1"));
        table.contents.put("a", "1");
        reconciler.reconcile(desired);
        reconciler.reconcile(desired);
        assertThat(table.deltas).isEmpty();
    }

    @Test
    void whatAnAdministratorRemovedIsPutBackAndNamed() {
        PersistentMap<String, String> desired = PersistentMap.of(Map.of("10.0.0.0/24", "eth0", "10.0.1.0/24", "eth0"));
        reconciler.reconcile(desired);
        table.contents.remove("10.0.0.0/24");
        table.contents.put("10.9.0.0/24", "eth9");
        reconciler.suspect();
        reconciler.reconcile(desired);
        assertThat(table.contents).isEqualTo(desired.sorted());
        assertThat(seen).contains(Observation.DriftRepaired.of("routes", List.of("10.0.0.0/24", "extra 10.9.0.0/24")));
    }

    @Test
    void aFlushOfAWholeTableIsOneLine() {
        TreeMap<String, String> desired = new TreeMap<>();
        for (int i = 100; i < 200; i++) {
            desired.put("r" + i, "eth0");
        }
        reconciler.reconcile(PersistentMap.of(desired));
        table.contents.clear();
        reconciler.suspect();
        reconciler.reconcile(PersistentMap.of(desired));
        assertThat(seen.stream()
                        .filter(Observation.DriftRepaired.class::isInstance)
                        .map(Observation::text))
                .containsExactly("drift repaired: routes r100, r101, r102 and 97 more");
    }

    /** Behaves like the kernel's tables: one entry is refused and the rest of the change is made. */
    private static final class Halfway extends FakeTable<String, String> {
        Halfway() {
            super("routes");
        }

        @Override
        protected void change(Delta<String, String> delta) {
            delta.deletes().forEach(contents::remove);
            delta.upserts().forEach((key, value) -> {
                if (!value.equals("refused")) {
                    contents.put(key, value);
                }
            });
            if (delta.upserts().containsValue("refused")) {
                throw new KernelException("RTM_NEWROUTE", Errno.EINVAL, "");
            }
        }
    }

    @Test
    void oneRefusedEntryDoesNotSpeakForTheOthers() {
        Reconciler<String, String> half = new Reconciler<>(new Halfway(), seen::add);
        assertThat(half.reconcile(PersistentMap.of(Map.of("a", "1", "b", "refused"))))
                .isFalse();
        assertThat(half.refusal((key, _) -> key.equals("a"))).isEmpty();
        assertThat(half.refusal((key, _) -> key.equals("b"))).contains("routes: RTM_NEWROUTE: EINVAL");
        assertThat(half.refusal()).contains("routes: RTM_NEWROUTE: EINVAL");
        assertThat(half.reconcile(PersistentMap.of(Map.of("a", "1")))).isTrue();
        assertThat(half.refusal()).isEmpty();
    }

    @Test
    void whatARefusedChangeMadeInPartIsNoDrift() {
        Reconciler<String, String> half = new Reconciler<>(new Halfway(), seen::add);
        half.reconcile(PersistentMap.of(Map.of("a", "1", "c", "1")));
        half.reconcile(PersistentMap.of(Map.of("a", "2", "b", "refused", "d", "1")));
        half.reconcile(PersistentMap.of(Map.of("a", "3", "b", "refused")));
        assertThat(seen).noneMatch(Observation.DriftRepaired.class::isInstance);
        half.reconcile(PersistentMap.of(Map.of("a", "3")));
        half.suspect();
        half.reconcile(PersistentMap.of(Map.of("a", "3")));
        assertThat(seen).noneMatch(Observation.DriftRepaired.class::isInstance);
    }

    @Test
    void driftIsReportedWhenItIsRepairedAndNotBefore() {
        PersistentMap<String, String> desired = PersistentMap.of(Map.of("a", "1", "b", "1", "c", "1"));
        reconciler.reconcile(desired);
        seen.clear();
        table.contents.clear();
        table.contents.put("x", "1");
        reconciler.suspect();
        table.refuse(new KernelException("RTM_NEWROUTE a", Errno.ENODEV, ""));
        assertThat(reconciler.reconcile(desired)).isFalse();
        assertThat(seen).containsExactly(new Observation.ApplyFailed("routes", "RTM_NEWROUTE a: ENODEV"));
        seen.clear();
        assertThat(reconciler.reconcile(desired.without("a"))).isTrue();
        assertThat(seen.getFirst()).isEqualTo(Observation.DriftRepaired.of("routes", List.of("b", "c", "extra x")));
        reconciler.suspect();
        reconciler.reconcile(desired);
        assertThat(seen.stream().filter(Observation.DriftRepaired.class::isInstance))
                .as("reported once; what is no longer desired never")
                .hasSize(1);
    }

    @Test
    void whatIsRefusedForEverDoesNotKeepRepairedDriftSecret() {
        Halfway half = new Halfway();
        Reconciler<String, String> halfway = new Reconciler<>(half, seen::add);
        halfway.reconcile(PersistentMap.of(Map.of("a", "1")));
        half.contents.clear();
        halfway.suspect();
        for (int i = 0; i < 3; i++) {
            assertThat(halfway.reconcile(PersistentMap.of(Map.of("a", "1", "b", "refused"))))
                    .isFalse();
        }
        assertThat(seen.stream().filter(Observation.DriftRepaired.class::isInstance))
                .containsExactly(Observation.DriftRepaired.of("routes", List.of("a")));
    }

    @Test
    void aDefectInOneTableIsAFailureOfThatTable() {
        table.refuse(new IllegalArgumentException("nobody can plan this"));
        PersistentMap<String, String> desired = PersistentMap.of(Map.of("a", "1"));
        assertThat(reconciler.reconcile(desired)).isFalse();
        assertThat(reconciler.refusal().orElseThrow()).contains("IllegalArgumentException: nobody can plan this");
        assertThat(reconciler.reconcile(desired)).isTrue();
    }

    @Test
    void aRefusedChangeIsReportedAndTriedAgainFromWhatIsReallyThere() {
        table.refuse(new KernelException("RTM_NEWROUTE 10.0.0.0/24", Errno.ENETUNREACH, "Nexthop has invalid gateway"));
        PersistentMap<String, String> desired = PersistentMap.of(Map.of("a", "1"));
        assertThat(reconciler.reconcile(desired)).isFalse();
        assertThat(seen)
                .containsExactly(new Observation.ApplyFailed(
                        "routes", "RTM_NEWROUTE 10.0.0.0/24: ENETUNREACH (Nexthop has invalid gateway)"));
        assertThat(reconciler.reconcile(desired)).isTrue();
        assertThat(table.lists).isEqualTo(2);
        assertThat(table.contents).isEqualTo(desired.sorted());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24, 25})
    void everyRoadLeadsToTheLastState(long seed) {
        Random random = new Random(seed);
        TreeMap<String, String> desired = new TreeMap<>();
        for (int step = 0; step < 400; step++) {
            String key = "k" + random.nextInt(30);
            switch (random.nextInt(6)) {
                case 0 -> desired.remove(key);
                case 1 -> table.contents.remove(key);
                case 2 -> table.refuse(new KernelException("apply", Errno.ENOBUFS, ""));
                case 3 -> table.contents.put(key, "foreign");
                case 4 -> reconciler.suspect();
                case 5 -> reconciler.reconcile(PersistentMap.of(desired));
                default -> throw new AssertionError();
            }
            desired.put("k" + random.nextInt(30), "v" + random.nextInt(3));
        }
        reconciler.suspect();
        while (!reconciler.reconcile(PersistentMap.of(desired))) {
            assertThat(table.deltas).hasSizeLessThan(2000);
        }
        assertThat(table.contents).isEqualTo(desired);
    }
}
