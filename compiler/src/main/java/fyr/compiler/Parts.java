package fyr.compiler;

import fyr.compiler.dns.DnsCompiler;
import fyr.compiler.masquerade.MasqueradePlan;
import fyr.compiler.routing.RoutingPlan;
import fyr.compiler.service.ServicePlan;

/** The plans of the features, of which a {@link NodePlan} is the sum. */
public record Parts(
        NodeIdentity identity,
        ServicePlan services,
        RoutingPlan routing,
        MasqueradePlan masquerade,
        DnsCompiler dns) {}
