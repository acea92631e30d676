package fyr.compiler.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.guard.GuardPlan;
import fyr.compiler.policy.number.Numbers;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.persistent.PersistentMap;
import fyr.policy.Tiers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an administrator sees of compiled policies: {@code nft list ruleset} completes and prints every rule. */
class PolicyListingKernelIT {

    private static final int CLUSTERS = 15;

    @BeforeAll
    static void inNamespacesOfItsOwn() {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
    }

    @Test
    void theKernelTakesPoliciesAndNftListsThem() throws Exception {
        PersistentMap<NftKey, NftObject> before = PersistentMap.empty();
        try (LinuxKernel kernel = LinuxKernel.open()) {
            for (long seed = 1; seed <= CLUSTERS; seed++) {
                PersistentMap<NftKey, NftObject> plan = plan(seed);
                kernel.table(Tables.NFT).apply(Delta.between(before, plan));
                assertThat(kernel.table(Tables.NFT).list()).as("seed %d", seed).isEqualTo(plan.sorted());
                assertListed(seed, plan, nft("list", "ruleset"));
                nft("-j", "list", "ruleset");
                before = plan;
            }
            kernel.table(Tables.NFT).apply(Delta.between(before, PersistentMap.empty()));
        }
    }

    private static PersistentMap<NftKey, NftObject> plan(long seed) {
        RandomCluster cluster = new RandomCluster(seed);
        return PolicyCompiler.compile(
                        new PolicyPlan.Inputs(
                                cluster.snapshot(),
                                Tiers.of(cluster.snapshot()),
                                RandomCluster.NODE,
                                cluster.attachments(),
                                RandomCluster.DNS),
                        Optional.empty(),
                        Numbers.ALL_BITS)
                .objects()
                .withAll(GuardPlan.constant().sorted());
    }

    private static void assertListed(long seed, PersistentMap<NftKey, NftObject> plan, String listing) {
        plan.forEach((key, object) -> {
            if (object instanceof NftObject.Chain chain) {
                chain.rules()
                        .forEach(rule -> assertThat(listing.lines())
                                .as("seed %d: %s in%n%s", seed, rule, listing)
                                .anyMatch(line -> line.endsWith("comment \"" + rule.comment() + "\"")));
            }
        });
        assertThat(listing)
                .contains("ip daddr @policy-ingress-subjects jump policy-ingress")
                .contains("ip daddr . ip saddr . meta l4proto . th dport @policy-ingress-peer-port return")
                .contains("ip6 saddr @policy-egress-subjects jump policy-egress")
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
