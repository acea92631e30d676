package fyr.compiler.policy;

import fyr.compiler.feature.Feature;
import fyr.compiler.feature.FeatureInputs;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.policy.number.Numbers;
import fyr.kernel.Tables;
import fyr.kernel.plan.KernelPlan;
import fyr.policy.Tiers;
import java.util.List;
import java.util.Optional;

/**
 * Network policies as a feature.
 *
 * @param plan empty only before the first inputs: the first plan of a large cluster is computed at once, not as a change
 */
public record PolicyFeature(Optional<PolicyPlan> plan) implements Feature<PolicyFeature> {

    /** Before anything is known. */
    public static PolicyFeature start() {
        return new PolicyFeature(Optional.empty());
    }

    @Override
    public PolicyFeature next(FeatureInputs inputs) {
        NodeIdentity node = inputs.identity();
        return new PolicyFeature(Optional.of(PolicyCompiler.compile(
                new PolicyPlan.Inputs(
                        inputs.snapshot(),
                        Tiers.of(inputs.snapshot()),
                        node.name(),
                        inputs.attachments(),
                        List.copyOf(node.dnsAddresses()),
                        node.services().mode()),
                plan,
                Numbers.ALL_BITS)));
    }

    @Override
    public KernelPlan kernel() {
        return plan.map(known -> KernelPlan.empty().with(Tables.NFT, known.objects()))
                .orElse(KernelPlan.empty());
    }
}
