package fyr.compiler;

import fyr.compiler.claim.Granted;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.Features;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.service.ServiceTable;
import java.util.Optional;

/** Computes the desired state of a node. */
public final class Compiler {

    private Compiler() {}

    /**
     * The plan of a node: a function of its inputs alone. A previous plan of the same identity makes it cheaper, in proportion to what changed
     * since then, and shares structure with it; it never changes the result. Conflicting claims of two objects are resolved before any
     * feature sees them ({@link fyr.compiler.claim}); only DNS names are served for all objects.
     */
    public static NodePlan compile(NodeInputs inputs, Optional<NodePlan> previous) {
        NodePlan before = previous.filter(plan -> plan.identity().equals(inputs.identity()))
                .orElseGet(() -> start(inputs.identity()));
        Granted claims = before.claims().next(inputs);
        NodeInputs granted = claims.in(inputs);
        ServiceTable services = before.services().next(granted.snapshot());
        Features features = before.features()
                .next(new FeatureInputs(
                        inputs, granted, services, claims.ranges().granted()));
        return new NodePlan(inputs.identity(), claims, services, features);
    }

    private static NodePlan start(NodeIdentity identity) {
        return new NodePlan(
                identity,
                Granted.nothing(identity),
                ServiceTable.empty(identity),
                Features.start(NodeFeatures.of(identity), identity));
    }
}
