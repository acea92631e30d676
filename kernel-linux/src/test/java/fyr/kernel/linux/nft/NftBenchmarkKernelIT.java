package fyr.kernel.linux.nft;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prints how long loads and changes take; asserts only that they happened. */
@Tag("benchmark")
@ExtendWith(NoLeaks.class)
final class NftBenchmarkKernelIT {

    private static final int TCP = 6;

    @ParameterizedTest
    @CsvSource({"1000, IPV4", "10000, IPV4", "10000, IPV6"})
    void loadsAndChanges(int services, Family family) {
        sh("nft flush ruleset");
        ServiceRuleset ruleset = new ServiceRuleset(family, List.of(1, 2, 3));
        for (int i = 0; i < services; i++) {
            ruleset.service(
                    address(family, 0, i), TCP, 80, List.of(address(family, 1, i), address(family, 2, i)), 8080);
        }
        try (NftTable table = NftTable.open()) {
            table.list();
            report(services, family, "cold load", () -> table.apply(ruleset.creation()));
            report(services, family, "listing", () -> assertThat(table.list()).hasSize(ruleset.objects.size()));
            report(services, family, "nothing to change", () -> table.apply(ruleset.creation()));
            for (int run = 0; run < 3; run++) {
                Delta<NftKey, NftObject> third = change(ruleset, family, services + run, 3);
                report(services, family, "new service", () -> table.apply(third));
                Delta<NftKey, NftObject> other = change(ruleset, family, services + run, 1);
                report(services, family, "replaced service", () -> table.apply(other));
                report(
                        services,
                        family,
                        "deleted service",
                        () -> table.apply(new Delta<>(
                                new TreeMap<>(), new TreeSet<>(third.upserts().keySet()))));
            }
            report(
                    services,
                    family,
                    "all deleted",
                    () -> table.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(ruleset.objects.keySet()))));
            assertThat(table.list()).isEmpty();
        }
    }

    private static Delta<NftKey, NftObject> change(ServiceRuleset ruleset, Family family, int number, int endpoints) {
        SortedMap<NftKey, NftObject> before = new TreeMap<>(ruleset.objects);
        List<IpAddress> targets = List.of(address(family, 3, 1), address(family, 3, 2), address(family, 3, 3))
                .subList(0, endpoints);
        ruleset.service(address(family, 0, number), TCP, 80, targets, 8000 + endpoints);
        SortedMap<NftKey, NftObject> upserts = new TreeMap<>(ruleset.objects);
        upserts.keySet().removeAll(before.keySet());
        ruleset.objects.clear();
        ruleset.objects.putAll(before);
        return new Delta<>(upserts, new TreeSet<>());
    }

    private static IpAddress address(Family family, int block, int number) {
        return IpAddress.parse(family == Family.IPV4 ? (10 + block) + ".0.0.0" : "fd00:" + block + "::")
                .plus(number);
    }

    private static void report(int services, Family family, String what, Runnable work) {
        long start = System.nanoTime();
        work.run();
        System.out.printf(
                Locale.ROOT,
                "nft %d services %s: %s %.1f ms%n",
                services,
                family,
                what,
                (System.nanoTime() - start) / 1e6);
    }
}
