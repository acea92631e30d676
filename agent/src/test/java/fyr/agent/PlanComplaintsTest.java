package fyr.agent;

import static fyr.testkit.ServiceSketch.cluster;
import static fyr.testkit.ServiceSketch.ready;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.link.HostLink;
import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.ServiceTraffic;
import fyr.model.address.Prefix;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import fyr.testkit.ClusterSketch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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

    private static ClusterSketch of(int endpoints) {
        Locality here = Locality.of("self", "a");
        return cluster(
                ServiceTraffic.USUAL,
                IntStream.range(0, endpoints)
                        .mapToObj(i -> ready("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), here))
                        .toArray(EndpointSlice.Endpoint[]::new));
    }

    /** What the rules of Services cannot do is told once for as long as a Service asks for it, and then taken back. */
    @Test
    void whatTheRulesCannotDoIsTold() {
        assertThat(follow(of(1))).isEmpty();
        ClusterSketch tooMany = of(70_000);
        assertThat(follow(tooMany)).singleElement().isInstanceOfSatisfying(Observation.ObjectRefused.class, refused -> {
            assertThat(refused.objection()).isEqualTo(Objection.UNSUPPORTED);
            assertThat(refused.text())
                    .isEqualTo(
                            "Service default/web: spec.selector: selects 70000 endpoints; only 65536 of them take connections");
        });
        assertThat(follow(tooMany)).isEmpty();
        assertThat(follow(of(1)))
                .containsExactly(new Observation.ObjectAccepted(
                        Objection.UNSUPPORTED, "Service", "default/web", "spec.selector"));
    }
}
