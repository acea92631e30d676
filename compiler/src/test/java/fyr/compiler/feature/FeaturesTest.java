package fyr.compiler.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.plan.KernelPlan;
import fyr.model.ClusterSnapshot;
import fyr.model.Namespace;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A feature that only this test knows takes part in the plan of a node, beside a real shape of feature. */
class FeaturesTest {
    private static final NodeIdentity NODE = new NodeIdentity(
            "node",
            new HostLink("eth0", 1500, List.of(Prefix.parse("198.51.100.1/24"))),
            NodeIdentity.Overlay.AUTO,
            List.of(),
            List.of());

    private static final Constant ONE =
            new Constant(KernelPlan.empty().with(Tables.SYSCTLS, settings(Map.of("net/one", "1"))));
    private static final FeatureId<Constant> CONSTANT = new FeatureId<>("constant", _ -> ONE);
    private static final FeatureId<NamespaceSettings> NAMESPACES =
            new FeatureId<>("namespaces", _ -> new NamespaceSettings(PersistentMap.empty()));

    /** A setting for each namespace. */
    private record NamespaceSettings(PersistentMap<SysctlKey, String> settings) implements Feature<NamespaceSettings> {
        @Override
        public NamespaceSettings next(FeatureInputs inputs) {
            PersistentMap<SysctlKey, String> next = PersistentMap.empty();
            for (String name : inputs.snapshot().namespaces().sorted().keySet()) {
                next = next.with(new SysctlKey("net/" + name), "1");
            }
            return new NamespaceSettings(next);
        }

        @Override
        public KernelPlan kernel() {
            return KernelPlan.empty().with(Tables.SYSCTLS, settings);
        }
    }

    private static PersistentMap<SysctlKey, String> settings(Map<String, String> values) {
        PersistentMap<SysctlKey, String> settings = PersistentMap.empty();
        for (Map.Entry<String, String> value : values.entrySet()) {
            settings = settings.with(new SysctlKey(value.getKey()), value.getValue());
        }
        return settings;
    }

    private static FeatureInputs inputs(String... namespaces) {
        PersistentMap<String, Namespace> all = PersistentMap.empty();
        for (String name : namespaces) {
            all = all.with(name, new Namespace(name, fyr.model.Labels.none()));
        }
        return FeatureInputs.of(NodeInputs.of(NODE).with(ClusterSnapshot.empty().withNamespaces(all)));
    }

    @Test
    void thePlanOfANodeIsThatOfItsFeatures() {
        Features features = Features.start(List.of(CONSTANT, NAMESPACES), NODE);
        assertThat(features.kernel()).isEqualTo(ONE.kernel());
        features = features.next(inputs("a", "b"));
        assertThat(features.kernel().table(Tables.SYSCTLS))
                .isEqualTo(settings(Map.of("net/one", "1", "net/a", "1", "net/b", "1")));
        features = features.next(inputs("b"));
        assertThat(features.kernel().table(Tables.SYSCTLS)).isEqualTo(settings(Map.of("net/one", "1", "net/b", "1")));
        assertThat(features.get(NAMESPACES).settings()).isEqualTo(settings(Map.of("net/b", "1")));
    }

    @Test
    void aFeatureThatDoesNotTakePartIsNotFound() {
        Features features = Features.start(List.of(CONSTANT), NODE);
        assertThatThrownBy(() -> features.get(NAMESPACES)).hasMessage("no feature namespaces");
    }
}
