package fyr.compiler;

import fyr.compiler.service.ServiceTable;
import fyr.kernel.plan.KernelPlan;
import fyr.model.name.DnsView;
import fyr.model.observation.Complaint;
import fyr.model.persistent.PersistentMap;
import java.util.List;

/** Everything a node should look like, and what it was computed from part by part, so that the next plan can reuse it. */
public record NodePlan(KernelPlan kernel, DnsView names, Parts parts) {

    /** What services mean on the node. */
    public ServiceTable services() {
        return parts.services();
    }

    /** What objects ask for and this plan does not do yet, by object. */
    public PersistentMap<String, List<Complaint>> shortfalls() {
        return parts.serviceRules().shortfalls();
    }
}
