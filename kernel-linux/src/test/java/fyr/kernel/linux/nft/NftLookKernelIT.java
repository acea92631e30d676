package fyr.kernel.linux.nft;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.TableLook;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Looks at a table in steps and reads single entries of it while others or we change the table. */
@ExtendWith(NoLeaks.class)
final class NftLookKernelIT {

    private static final NftKey.SetKey BLOCKS = new NftKey.SetKey(Family.IPV4, "blocks");

    private final NftTable table = NftTable.open();
    private final ServiceRuleset ruleset = new ServiceRuleset(Family.IPV4, List.of(2));

    @BeforeEach
    void load() {
        sh("nft flush ruleset");
        ruleset.objects.put(BLOCKS, new NftObject.Set(List.of(NftField.IPV4_ADDR), List.of(), false, true));
        ruleset.objects.put(
                new NftKey.SetKey(Family.IPV4, "ranges"),
                new NftObject.Set(List.of(NftField.INET_SERVICE, NftField.IPV4_ADDR), List.of(), false, true));
        for (int i = 0; i < 3000; i++) {
            ruleset.objects.put(range(i % 100, 16 * (i / 100)), until(i % 100, 16 * (i / 100) + 3));
            ruleset.service(address(0, i), 6, 80, List.of(address(1, i), address(2, i)), 8080);
            ruleset.objects.put(block(4 * i), interval(4 * i + 1));
        }
        table.list();
        table.apply(ruleset.creation());
    }

    @AfterEach
    void close() {
        table.close();
        sh("nft flush ruleset");
    }

    private static IpAddress address(int block, int number) {
        return IpAddress.parse((10 + block) + ".0.0.0").plus(number);
    }

    private static NftKey block(int number) {
        return new NftKey.ElementKey(
                Family.IPV4, "blocks", Bytes.of(address(3, number).toBytes()));
    }

    private static NftObject interval(int last) {
        return new NftObject.Element(Optional.of(Bytes.of(address(3, last).toBytes())), new NftData.None());
    }

    private static NftKey range(int port, int first) {
        return new NftKey.ElementKey(Family.IPV4, "ranges", rangeKey(port, first));
    }

    private static NftObject until(int port, int last) {
        return new NftObject.Element(Optional.of(rangeKey(port, last)), new NftData.None());
    }

    private static Bytes rangeKey(int port, int last) {
        return Bytes.concatenate(Bytes.u16(port), Bytes.of(address(4, last).toBytes()));
    }

    private SortedSet<NftKey> look(Runnable between) {
        SortedSet<NftKey> doubtful = new TreeSet<>();
        TableLook<NftKey> look = table.look(PersistentMap.of(ruleset.objects)).orElseThrow();
        int steps = 1;
        while (look.proceed(0, doubtful::add)) {
            between.run();
            steps++;
        }
        assertThat(steps).as("it is made in steps").isGreaterThan(20);
        return doubtful;
    }

    @Test
    void findsNothingWhereNothingIs() {
        assertThat(look(() -> {})).isEmpty();
    }

    @Test
    void findsWhatIsMissingWrongAndSuperfluous() {
        sh("nft delete element ip fyr services '{ 10.0.0.5 . tcp . 80 }'");
        sh("nft delete element ip fyr blocks '{ 13.0.0.8-13.0.0.9 }'");
        sh("nft add element ip fyr blocks '{ 13.0.0.8-13.0.0.10 }'");
        sh("nft add element ip fyr blocks '{ 13.1.0.0/24 }'");
        sh("nft delete element ip fyr ranges '{ 7 . 14.0.0.16-14.0.0.19 }'");
        sh("nft delete element ip fyr ranges '{ 7 . 14.0.0.32-14.0.0.35 }'");
        sh("nft add element ip fyr ranges '{ 7 . 14.0.0.32-14.0.0.36 }'");
        sh("nft flush chain ip fyr services");
        sh("nft add chain ip fyr extra");
        SortedSet<NftKey> doubtful = look(() -> {});
        assertThat(doubtful.stream().map(NftKey::toString))
                .hasSize(7)
                .contains("chain ip fyr services", "chain ip fyr extra")
                .anyMatch(key -> key.contains("services"))
                .filteredOn(key -> key.contains("blocks"))
                .hasSize(2);
        assertThat(doubtful).contains(block(8), range(7, 16), range(7, 32));
        // Reading them returns what is there.
        assertThat(table.read(doubtful)).isEqualTo(remaining(doubtful));
        table.apply(Delta.between(table.read(doubtful), desired(doubtful)));
        assertThat(look(() -> {})).isEmpty();
        assertThat(table.list()).isEqualTo(ruleset.objects);
    }

    private TreeMap<NftKey, NftObject> remaining(SortedSet<NftKey> keys) {
        TreeMap<NftKey, NftObject> all = new TreeMap<>(table.list());
        all.keySet().retainAll(keys);
        return all;
    }

    private PersistentMap<NftKey, NftObject> desired(SortedSet<NftKey> keys) {
        return PersistentMap.of(ruleset.objects)
                .withoutAll(ruleset.objects.keySet().stream()
                        .filter(key -> !keys.contains(key))
                        .toList());
    }

    /** Our own changes cut the listing of a set short (NLM_F_DUMP_INTR). Elements missing from it are requested by key. */
    @Test
    void ownChangesBetweenTheStepsAreNoReasonToDoubtAnythingElse() {
        int[] number = {0};
        SortedSet<NftKey> changed = new TreeSet<>();
        sh("nft delete element ip fyr services '{ 10.0.11.183 . tcp . 80 }'");
        SortedSet<NftKey> doubtful = look(() -> {
            ServiceRuleset more = new ServiceRuleset(Family.IPV4, List.of(2));
            TreeMap<NftKey, NftObject> constant = new TreeMap<>(more.objects);
            more.service(address(5, number[0]++), 6, 80, List.of(address(6, 1), address(6, 2)), 8080);
            more.objects.keySet().removeAll(constant.keySet());
            changed.addAll(more.objects.keySet());
            table.apply(new Delta<>(more.objects, new TreeSet<>()));
        });
        doubtful.removeAll(changed);
        assertThat(doubtful.stream().map(NftKey::toString)).hasSize(1).allMatch(key -> key.contains("services"));
    }

    @Test
    void aSetThatIsGoneTakesItsElementsAlong() {
        NftKey table4 = new NftKey.TableKey(Family.IPV4);
        sh("nft delete table ip fyr");
        assertThat(look(() -> {})).contains(table4, BLOCKS, block(0));
        assertThat(table.read(new TreeSet<>(List.of(table4, BLOCKS, block(0))))).isEmpty();
        assertThat(table.lostWith(table4, Optional.empty()).orElseThrow()).accepts(BLOCKS, block(0));
        assertThat(table.lostWith(BLOCKS, Optional.empty()).orElseThrow())
                .accepts(block(0))
                .rejects(BLOCKS, table4);
    }
}
