package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolvedModule;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The directory of the agent's jars, which is all that an image of the agent needs: it is whole, and holds nothing of the lab. */
class AgentImageLabIT {
    private static final Path AGENT = TestLab.checkout().resolve("target/fyr/agent");
    private static final Path EVERYTHING = TestLab.checkout().resolve("target/fyr/lib");
    private static final Set<String> PARTS = new TreeSet<>(Set.of(
            "fyr.agent",
            "fyr.cluster",
            "fyr.cni",
            "fyr.compiler",
            "fyr.dns",
            "fyr.kernel",
            "fyr.kernel.linux",
            "fyr.model",
            "fyr.policy"));

    @Test
    void theImageContainsNeitherLabNorApiServerNorBenchmarks() {
        assertThat(ours(ModuleFinder.of(AGENT))).isEqualTo(PARTS);
        assertThat(ours(ModuleFinder.of(EVERYTHING))).contains("fyr.apiserver", "fyr.bench", "fyr.cli", "fyr.lab");
    }

    private static Set<String> ours(ModuleFinder modules) {
        return modules.findAll().stream()
                .map(module -> module.descriptor().name())
                .filter(name -> name.startsWith("fyr."))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theAgentReadsNothingElse() {
        ModuleFinder all = ModuleFinder.compose(ModuleFinder.of(AGENT), ModuleFinder.ofSystem());
        Configuration graph = Configuration.empty().resolve(all, ModuleFinder.of(), Set.of("fyr.agent"));
        assertThat(graph.modules().stream().map(ResolvedModule::name).filter(name -> name.startsWith("fyr.")))
                .containsExactlyInAnyOrderElementsOf(PARTS);
    }

    @Test
    void theLauncherRunsTheAgentFromThere() throws Exception {
        assertThat(TestLab.fyr("agent", "--help").succeeded().output()).contains("Usage: fyr agent", "--node-name");
        TestLab.Result refused = TestLab.fyr("agent", "--node-name", "node1", "--nope");
        assertThat(refused.status()).isEqualTo(2);
        assertThat(refused.output().lines()).singleElement().asString().contains("'--nope'", "see: fyr agent --help");
    }
}
