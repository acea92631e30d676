package fyr.compiler;

import fyr.compiler.claim.Granted;
import fyr.compiler.dns.DnsCompiler;
import fyr.compiler.guard.GuardPlan;
import fyr.compiler.masquerade.MasqueradePlan;
import fyr.compiler.policy.PolicyPlan;
import fyr.compiler.routing.RoutingPlan;
import fyr.compiler.service.ServiceTable;
import fyr.compiler.service.nft.ServiceRules;
import fyr.compiler.settings.PodLinkSettings;
import java.util.Optional;

/** The plans of the features that make up a {@link NodePlan}. */
public record Parts(
        NodeIdentity identity,
        Granted granted,
        ServiceTable services,
        ServiceRules serviceRules,
        RoutingPlan routing,
        MasqueradePlan masquerade,
        GuardPlan guard,
        Optional<PolicyPlan> policy,
        DnsCompiler dns,
        PodLinkSettings podLinkSettings) {}
