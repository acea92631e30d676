package fyr.compiler.guard;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import fyr.model.persistent.PersistentMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The kernel accepts every change of the guard's sets, and {@code nft list ruleset} completes and prints every rule. */
class GuardListingKernelIT {

    private static final int STEPS = 150;

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    @Test
    void theKernelFollowsAndNftListsIt() throws Exception {
        RandomGuards guards = new RandomGuards(1);
        GuardPlan plan = GuardPlan.empty(RandomGuards.IDENTITY);
        PersistentMap<NftKey, NftObject> before = PersistentMap.empty();
        try (LinuxKernel kernel = LinuxKernel.open()) {
            for (int step = 0; step < STEPS; step++) {
                guards.step();
                plan = guards.next(plan);
                PersistentMap<NftKey, NftObject> after = withTables(plan.objects());
                kernel.table(Tables.NFT).apply(Delta.between(before, after));
                assertThat(kernel.table(Tables.NFT).list()).as("step %d", step).isEqualTo(after.sorted());
                before = after;
                if (step % 30 == 0) {
                    assertListed(after, nft("list", "ruleset"));
                    nft("-j", "list", "ruleset");
                }
            }
            kernel.table(Tables.NFT).apply(Delta.between(before, PersistentMap.empty()));
        }
    }

    private static PersistentMap<NftKey, NftObject> withTables(PersistentMap<NftKey, NftObject> objects) {
        PersistentMap<NftKey, NftObject> all = objects;
        for (Family family : Family.values()) {
            all = all.with(new NftKey.TableKey(family), new NftObject.Table());
        }
        return all;
    }

    private static void assertListed(PersistentMap<NftKey, NftObject> plan, String listing) {
        plan.forEach((_, object) -> {
            if (object instanceof NftObject.Chain chain) {
                chain.rules()
                        .forEach(rule -> assertThat(listing.lines())
                                .as("%s in%n%s", rule, listing)
                                .anyMatch(line -> line.endsWith("comment \"" + rule.comment() + "\"")));
            }
        });
        assertThat(listing)
                .contains("iifname . ip saddr @guard-pods accept")
                .contains("iifname != \"fyr*\" ip6 saddr != @guard-addresses ip6 saddr != @guard-tunnelled accept")
                .contains("icmpv6 type packet-too-big iifname \"fyr*\" iifname != \"fyr-*\" counter")
                .contains("ip saddr . ip saddr @guard-ends accept")
                .contains("ip6 saddr . ip6 saddr @guard-ends accept")
                .doesNotContain("invalid type");
    }

    private static String nft(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("nft"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as("exit code of %s: %s", command, output).isZero();
        return output;
    }
}
