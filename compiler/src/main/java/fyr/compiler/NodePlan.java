package fyr.compiler;

import fyr.kernel.plan.KernelPlan;
import fyr.model.name.DnsView;

/** Everything a node should look like, and what it was computed from part by part, so that the next plan can reuse it. */
public record NodePlan(KernelPlan kernel, DnsView names, Parts parts) {}
