package fyr.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.reconciler.Reconciler;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests a table that is too large to be read at once. */
class LargeTableTest {

    private final LargeFakeTable table = new LargeFakeTable("nft");
    private final List<Observation> seen = new ArrayList<>();
    private final Reconciler<String, String> reconciler = new Reconciler<>(table, seen::add);

    private static PersistentMap<String, String> many(int entries) {
        TreeMap<String, String> all = new TreeMap<>();
        for (int i = 0; i < entries; i++) {
            all.put("k%05d".formatted(i), "1");
        }
        return PersistentMap.of(all);
    }

    private void lookToTheEnd() {
        while (reconciler.isLooking()) {
            reconciler.look(0);
        }
    }

    /** A change is made after the look begins and before it continues: no change waits for a look. */
    @Test
    void aChangeIsMadeBetweenAnyTwoStepsOfALook() {
        PersistentMap<String, String> desired = many(100);
        reconciler.reconcile(desired);
        table.contents.remove("k00099");
        table.contents.put("z extra", "?");
        reconciler.suspect();
        assertThat(reconciler.isLooking()).isTrue();
        for (int step = 0; step < 50; step++) {
            reconciler.look(0);
            desired = desired.with("k00000", "v" + step);
            assertThat(reconciler.reconcile(desired)).isTrue();
            assertThat(table.contents).containsEntry("k00000", "v" + step);
        }
        assertThat(reconciler.isLooking()).isTrue();
        lookToTheEnd();
        assertThat(reconciler.isInDoubt()).isTrue();
        reconciler.reconcile(desired);
        assertThat(table.contents).isEqualTo(desired.sorted());
        assertThat(table.lists).as("read as a whole at the start only").isEqualTo(1);
        assertThat(seen).contains(Observation.DriftRepaired.of("nft", List.of("k00099", "extra z extra")));
    }

    /** We may have changed what the look found, so it is read again before it counts as drift. */
    @Test
    void whatChangedDuringTheLookIsNoDrift() {
        reconciler.reconcile(many(10));
        reconciler.suspect();
        PersistentMap<String, String> changed =
                many(10).with("k00003", "2").without("k00004").with("new", "1");
        reconciler.reconcile(changed);
        lookToTheEnd();
        reconciler.reconcile(changed);
        assertThat(table.contents).isEqualTo(changed.sorted());
        assertThat(seen).noneMatch(Observation.DriftRepaired.class::isInstance);
    }

    @Test
    void ofManyDoubtfulEntriesOnlyAPortionIsReadInOneRound() {
        PersistentMap<String, String> desired = many(3 * Reconciler.PORTION);
        reconciler.reconcile(desired);
        table.contents.clear();
        reconciler.suspect();
        lookToTheEnd();
        int rounds = 0;
        while (reconciler.isInDoubt()) {
            assertThat(reconciler.reconcile(desired)).isTrue();
            rounds++;
        }
        assertThat(rounds).isEqualTo(3);
        assertThat(table.reads).allMatch(keys -> keys.size() <= Reconciler.PORTION);
        assertThat(table.contents).isEqualTo(desired.sorted());
    }

    @Test
    void whereTheEntryIsKnownOnlyThatIsRead() {
        PersistentMap<String, String> desired = many(1000);
        reconciler.reconcile(desired);
        table.contents.remove("k00007");
        reconciler.suspect(Set.of("k00007", "k00008"));
        assertThat(reconciler.isInDoubt()).isTrue();
        reconciler.reconcile(desired);
        assertThat(table.reads).containsExactly(new TreeSet<>(Set.of("k00007", "k00008")));
        assertThat(table.contents).isEqualTo(desired.sorted());
        assertThat(seen).contains(Observation.DriftRepaired.of("nft", List.of("k00007")));
    }

    @Test
    void withAContainerGoesWhatIsInIt() {
        PersistentMap<String, String> desired =
                PersistentMap.of(Map.of("a/", "set", "a/1", "1", "a/2", "1", "b/", "set", "b/1", "1"));
        reconciler.reconcile(desired);
        table.contents.keySet().removeIf(key -> key.startsWith("a/"));
        reconciler.suspect(Set.of("a/"));
        reconciler.reconcile(desired);
        assertThat(table.contents).isEqualTo(desired.sorted());
    }

    @Test
    void aRefusedChangeIsNoReasonToReadEverything() {
        PersistentMap<String, String> desired = many(100);
        reconciler.reconcile(desired);
        table.refuse(new KernelException("NFT_MSG_NEWSETELEM", Errno.ENOBUFS, ""));
        assertThat(reconciler.reconcile(desired.with("more", "1").without("k00001")))
                .isFalse();
        assertThat(reconciler.reconcile(desired.with("more", "1").without("k00001")))
                .isTrue();
        assertThat(table.lists).isEqualTo(1);
        assertThat(table.reads).containsExactly(new TreeSet<>(Set.of("more", "k00001")));
        assertThat(table.contents)
                .isEqualTo(desired.with("more", "1").without("k00001").sorted());
    }

    /** The first load does not list the table a second time either: its contents are already known. */
    @Test
    void aRefusedFirstLoadIsTriedAgainFromWhatWasReadThen() {
        table.contents.put("left over", "1");
        table.refuse(new KernelException("NFT_MSG_NEWSETELEM", Errno.EINVAL, ""));
        assertThat(reconciler.reconcile(many(5))).isFalse();
        assertThat(reconciler.reconcile(many(5))).isTrue();
        assertThat(table.lists).isEqualTo(1);
        assertThat(table.contents).isEqualTo(many(5).sorted());
        assertThat(seen).noneMatch(Observation.DriftRepaired.class::isInstance);
    }

    @Test
    void aLookThatIsAskedForDuringALookFollowsIt() {
        reconciler.reconcile(many(10));
        reconciler.suspect();
        for (int step = 0; step < 5; step++) {
            reconciler.look(0);
        }
        table.contents.remove("k00000"); // the look has already passed it
        reconciler.suspect();
        lookToTheEnd();
        assertThat(table.steps).isEqualTo(20);
        reconciler.reconcile(many(10));
        assertThat(table.contents).isEqualTo(many(10).sorted());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32, 33, 34, 35})
    void everyRoadLeadsToTheLastState(long seed) {
        Random random = new Random(seed);
        TreeMap<String, String> desired = new TreeMap<>();
        for (int step = 0; step < 1000; step++) {
            String key = "k" + random.nextInt(30);
            switch (random.nextInt(8)) {
                case 0 -> desired.remove(key);
                case 1 -> table.contents.remove(key);
                case 2 -> table.refuse(new KernelException("apply", Errno.ENOBUFS, ""));
                case 3 -> table.contents.put(key, "foreign");
                case 4 -> reconciler.suspect();
                case 5 -> reconciler.suspect(Set.of(key));
                case 6 -> reconciler.look(0);
                case 7 -> reconciler.reconcile(PersistentMap.of(desired));
                default -> throw new AssertionError();
            }
            desired.put("k" + random.nextInt(30), "v" + random.nextInt(3));
        }
        reconciler.suspect();
        lookToTheEnd();
        while (!reconciler.reconcile(PersistentMap.of(desired)) || reconciler.isInDoubt()) {
            assertThat(table.deltas).hasSizeLessThan(3000);
        }
        assertThat(table.contents).isEqualTo(desired);
    }
}
