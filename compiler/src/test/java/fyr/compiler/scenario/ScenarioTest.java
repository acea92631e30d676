package fyr.compiler.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.manifest.Manifests;
import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.kernel.Delta;
import fyr.kernel.TableId;
import fyr.kernel.Tables;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.text.PlanText;
import fyr.model.Pod;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.Golden;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compiles each scenario and compares the result with the text beside it. */
class ScenarioTest {
    private static final Path SCENARIOS = Path.of("src/test/scenarios");

    /** One that no policy of a scenario mentions. */
    private static final int OTHER_PORT = 9999;

    static List<Path> scenarios() throws IOException {
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyResultBelongsToAScenario() throws IOException {
        assertThat(scenarios()).hasSizeGreaterThan(10);
        try (Stream<Path> files = Files.list(SCENARIOS)) {
            assertThat(files.filter(file -> file.toString().endsWith(".plan")))
                    .allMatch(plan -> Files.exists(Path.of(plan.toString().replace(".plan", ".yaml"))));
        }
    }

    @ParameterizedTest
    @MethodSource("scenarios")
    void objectsGiveThePlanBesideThem(Path file) {
        Scenario scenario = Scenario.of(Manifests.read(file));
        NodePlan before = Compiler.compile(scenario.alone(), Optional.empty());
        NodePlan plan = Compiler.compile(scenario.inputs(), Optional.empty());
        assertThat(Compiler.compile(scenario.inputs(), Optional.of(before)).kernel())
                .as("the plan by another road")
                .isEqualTo(plan.kernel());
        String result = section("Left out, and why", complaints(scenario, plan))
                + section("Connections between pods", flows(scenario, plan).text())
                + section("In the kernel, besides what a node without these objects has", delta(before, plan));
        Golden.check(
                Path.of(file.toString().replace(".yaml", ".plan")),
                result.isEmpty() ? "The node does nothing for these objects.\n" : result);
    }

    private static String section(String title, String text) {
        return text.isEmpty() ? "" : title + "\n" + text + "\n";
    }

    private static String complaints(Scenario scenario, NodePlan plan) {
        Set<String> lines = new TreeSet<>(scenario.faults());
        plan.complaints()
                .forEach(kind -> kind.sorted()
                        .values()
                        .forEach(some -> some.forEach(complaint ->
                                lines.add(complaint.object() + ": " + complaint.field() + ": " + complaint.what()))));
        plan.shortfalls()
                .sorted()
                .values()
                .forEach(some -> some.forEach(complaint ->
                        lines.add(complaint.object() + ": " + complaint.field() + ": " + complaint.what())));
        return lines.isEmpty() ? "" : "  " + String.join("\n  ", lines) + "\n";
    }

    private static ScenarioFlows flows(Scenario scenario, NodePlan plan) {
        Set<Integer> ports = new HashSet<>(Set.of(OTHER_PORT));
        for (Pod pod : scenario.objects().pods().sorted().values()) {
            pod.ports().forEach(port -> ports.add(port.port()));
        }
        boolean policies = !scenario.objects().policies().isEmpty();
        return new ScenarioFlows(
                scenario.objects(), policies ? ports : Set.of(), plan.kernel().table(Tables.NFT));
    }

    private static String delta(NodePlan before, NodePlan after) {
        Set<TableId<?, ?>> ids = new HashSet<>(before.kernel().ids());
        ids.addAll(after.kernel().ids());
        List<TableId<?, ?>> sorted = new ArrayList<>(ids);
        sorted.sort(Comparator.comparing(TableId::name));
        StringBuilder text = new StringBuilder();
        TableId.inOrder(sorted).forEach(id -> text.append(delta(id, before.kernel(), after.kernel())));
        return text.toString();
    }

    private static <K extends Comparable<? super K>, V> String delta(
            TableId<K, V> id, KernelPlan before, KernelPlan after) {
        PersistentMap<K, V> now = after.table(id);
        Delta<K, V> delta = Delta.between(before.table(id), now);
        return delta.isEmpty()
                ? ""
                : " " + id.name() + "\n" + PlanText.delta(id, delta, now).indent(2);
    }
}
