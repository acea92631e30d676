package fyr.agent;

import static fyr.testkit.ServiceSketch.cluster;
import static fyr.testkit.ServiceSketch.policies;
import static fyr.testkit.ServiceSketch.ready;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.model.Locality;
import fyr.model.ServiceTraffic;
import fyr.model.ServiceTraffic.Policy;
import fyr.model.address.Prefix;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanComplaintsTest {

    private static final NodeIdentity SELF = new NodeIdentity(
            "self",
            new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))),
            Overlay.AUTO,
            List.of(),
            List.of());

    private final List<Observation> told = new ArrayList<>();
    private final PlanComplaints complaints = new PlanComplaints(told::add);
    private Optional<NodePlan> plan = Optional.empty();

    private List<Observation> follow(ClusterSketch cluster) {
        NodePlan next = Compiler.compile(NodeInputs.of(SELF).with(cluster.snapshot()), plan);
        plan = Optional.of(next);
        told.clear();
        complaints.follow(next);
        return told;
    }

    private static ClusterSketch of(ServiceTraffic traffic) {
        return cluster(traffic, ready("10.244.1.1", Locality.of("self", "a")));
    }

    /** Whatever the rules of Services cannot do yet is told once for as long as a Service asks for it, and then taken back. */
    @Test
    void whatTheRulesCannotDoIsTold() {
        assertThat(follow(of(ServiceTraffic.USUAL))).isEmpty();
        ClusterSketch local = of(policies(Policy.CLUSTER, Policy.LOCAL));
        assertThat(follow(local)).singleElement().isInstanceOfSatisfying(Observation.ObjectRefused.class, refused -> {
            assertThat(refused.objection()).isEqualTo(Objection.UNSUPPORTED);
            assertThat(refused.text())
                    .startsWith("Service default/web: spec.externalTrafficPolicy: is not supported yet: ");
        });
        assertThat(follow(local)).isEmpty();
        assertThat(follow(of(ServiceTraffic.USUAL)))
                .containsExactly(new Observation.ObjectAccepted(
                        Objection.UNSUPPORTED, "Service", "default/web", "spec.externalTrafficPolicy"));
    }
}
