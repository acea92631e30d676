package fyr.agent.query;

import fyr.agent.observe.ObservationLog;
import fyr.agent.proxy.ProxyReading;
import fyr.compiler.NodePlan;
import fyr.kernel.TableId;
import fyr.kernel.plan.KernelPlan;
import fyr.model.Attachment;
import fyr.model.ClusterSnapshot;
import fyr.model.HostPort;
import fyr.model.Service;
import fyr.model.balancer.AddressPool;
import fyr.model.balancer.Condition;
import fyr.model.balancer.PoolStatus;
import fyr.model.observation.Complaint;
import fyr.model.observation.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What this node serves, how fresh that is, what was refused and what drifted. */
record StatusDocument(QuerySources sources) {

    private static final int SHOWN = 20;

    ObjectNode of() {
        ObjectNode status = QueryAnswer.object().put("node", sources.nodeName());
        health(status);
        sources.snapshot().get().ifPresent(snapshot -> cluster(status.putObject("cluster"), snapshot));
        sources.plan().get().ifPresent(plan -> serves(status.putObject("serves"), plan));
        sources.proxy().ifPresent(reading -> proxy(status.putObject("proxyConfiguration"), reading));
        sources.observations().filling().ifPresent(filling -> status.put("connections", filling.text()));
        sources.balancer().get().ifPresent(state -> balancer(status.putObject("loadBalancer"), state));
        refused(status);
        drift(status);
        return status;
    }

    private static void proxy(ObjectNode proxy, ProxyReading reading) {
        proxy.put("source", reading.source()).put("leftOut", reading.leftOut());
        ArrayNode fields = proxy.putArray("fields");
        reading.remarks()
                .forEach(remark -> fields.addObject()
                        .put("field", remark.field())
                        .put("treatment", remark.treatment().text())
                        .put("position", remark.position())
                        .put("consequence", remark.consequence()));
    }

    private static void balancer(ObjectNode balancer, BalancerState state) {
        balancer.put("assigns", state.assigns());
        state.pools().ifPresent(pools -> {
            ArrayNode all = balancer.putArray("pools");
            pools.forEach(pool -> pool(all.addObject(), pool));
        });
        balancer.put("announced", state.announced().size());
        ArrayNode shown = balancer.putArray("addresses");
        state.announced().stream().sorted().limit(SHOWN).forEach(address -> shown.add(address.toString()));
    }

    private static void pool(ObjectNode entry, AddressPool pool) {
        PoolStatus status = pool.status();
        entry.put("name", pool.name())
                .put("assignedIPv4", status.assignedIpv4())
                .put("availableIPv4", status.availableIpv4())
                .put("assignedIPv6", status.assignedIpv6())
                .put("availableIPv6", status.availableIpv6());
        ArrayNode problems = entry.putArray("problems");
        status.conditions().stream()
                .filter(Condition::holds)
                .forEach(condition -> problems.add(condition.type() + ": " + condition.message()));
    }

    private void health(ObjectNode status) {
        status.put("apiServer", sources.server())
                .put(
                        "upSeconds",
                        Duration.between(sources.started(), Instant.now()).toSeconds());
        ObjectNode health = status.putObject("health");
        sources.notReady()
                .get()
                .ifPresentOrElse(why -> health.put("ready", false).put("reason", why), () -> health.put("ready", true));
    }

    private void cluster(ObjectNode cluster, ClusterSnapshot snapshot) {
        cluster.put("nodes", snapshot.nodes().size())
                .put("namespaces", snapshot.namespaces().size())
                .put("pods", snapshot.pods().size())
                .put("services", snapshot.services().size())
                .put("networkPolicies", snapshot.policies().size());
        sources.silence()
                .get()
                .ifPresentOrElse(
                        silence -> cluster.put("heardSecondsAgo", silence.toMillis() / 1e3),
                        () -> cluster.put("heardSecondsAgo", -1));
    }

    private void serves(ObjectNode serves, NodePlan plan) {
        ArrayNode pods = serves.putArray("pods");
        sources.attachments().get().sorted().values().forEach(pod -> {
            ObjectNode entry = pods.addObject().put("pod", pod.pod().toString()).put("link", pod.hostLink());
            ArrayNode addresses = entry.putArray("addresses");
            pod.addresses().forEach(address -> addresses.add(address.toString()));
            ArrayNode hostPorts = entry.putArray("hostPorts");
            granted(plan, pod).forEach(port -> hostPorts.add(port.toString()));
        });
        serves.put(
                "services",
                sources.snapshot()
                        .get()
                        .map(snapshot -> snapshot.services().sorted().values().stream()
                                .filter(StatusDocument::isServed)
                                .count())
                        .orElse(0L));
        serves.put("dnsNames", plan.names().services().size());
        ArrayNode tables = serves.putArray("tables");
        KernelPlan kernel = plan.kernel();
        TableId.inOrder(kernel.ids().stream()
                        .sorted(Comparator.comparing(TableId::name))
                        .toList())
                .forEach(id -> tables.addObject()
                        .put("table", id.name())
                        .put("entries", kernel.table(id).size()));
    }

    /** Those that lead to the pod; what it asks for and does not get is among the refused. */
    private static List<HostPort> granted(NodePlan plan, Attachment pod) {
        return plan.claims()
                .hostPorts()
                .granted()
                .get(pod.key())
                .map(Attachment::hostPorts)
                .orElse(List.of());
    }

    private static boolean isServed(Service service) {
        return !service.otherProxy() && !service.clusterIps().isEmpty();
    }

    private void refused(ObjectNode status) {
        List<Complaint> refused = sources.observations().refused();
        status.put("refusedObjects", refused.size());
        ArrayNode shown = status.putArray("refused");
        refused.stream()
                .limit(SHOWN)
                .forEach(complaint -> shown.addObject()
                        .put("kind", complaint.kind())
                        .put("name", complaint.name())
                        .put("field", complaint.field())
                        .put("reason", complaint.what()));
    }

    private void drift(ObjectNode status) {
        List<ObservationLog.Numbered> drift = sources.observations().since(0).stream()
                .filter(each -> each.observation() instanceof Observation.DriftRepaired
                        || each.observation() instanceof Observation.ApplyFailed)
                .toList();
        ArrayNode shown = status.putArray("drift");
        drift.subList(Math.max(0, drift.size() - SHOWN), drift.size()).forEach(each -> shown.add(observation(each)));
    }

    static ObjectNode observation(ObservationLog.Numbered each) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("number", each.number())
                .put("time", each.time().toString())
                .put("type", each.observation().getClass().getSimpleName())
                .put("text", each.observation().text());
    }
}
