package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Conditions;
import fyr.apiserver.object.Json;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.SequencedSet;
import tools.jackson.databind.node.ObjectNode;

/** Finds the work that a changed object causes. */
final class Triggers {
    private Triggers() {}

    static SequencedSet<Work> of(Resource resource, Optional<ObjectNode> before, ObjectNode object, Cache cache) {
        SequencedSet<Work> work = new LinkedHashSet<>();
        work.add(Work.of(resource, object));
        before.flatMap(Triggers::owner).ifPresent(work::add);
        owner(object).ifPresent(work::add);
        if (Pods.controller(object).isEmpty()) {
            work.addAll(adopters(resource, object, cache));
        }
        if (resource.equals(Kinds.PODS)) {
            ofPod(before, object, cache, work);
        } else if (resource.equals(Kinds.NODES)) {
            work.add(Work.SCHEDULING);
            ofNode(before, object, cache, work);
            cache.list(Kinds.DAEMON_SETS, "").forEach(set -> work.add(Work.of(Kinds.DAEMON_SETS, set)));
        } else if (resource.equals(Kinds.ENDPOINTS)) {
            work.add(Work.of(Kinds.SERVICES, object));
        } else if (resource.equals(Kinds.SERVICE_ACCOUNTS)) {
            work.add(new Work(Kinds.NAMESPACES, "", Json.namespace(object)));
        }
        return work;
    }

    /** A Node that comes makes endpoints of its pods; one that changes may change the shares of the zones. */
    private static void ofNode(Optional<ObjectNode> before, ObjectNode node, Cache cache, SequencedSet<Work> work) {
        if (before.isEmpty()) {
            cache.list(Kinds.PODS, "").stream()
                    .filter(pod -> Json.text(pod, "spec", "nodeName").equals(Json.name(node)))
                    .forEach(pod -> ofPod(Optional.empty(), pod, cache, work));
        }
        boolean there = cache.find(Work.of(Kinds.NODES, node)).isPresent();
        boolean same = before.filter(old -> there
                        && ZoneShares.zone(old).equals(ZoneShares.zone(node))
                        && Conditions.isTrue(old, "Ready") == Conditions.isTrue(node, "Ready"))
                .isPresent();
        if (!same) {
            ZoneShares zones = ZoneShares.of(cache);
            cache.list(Kinds.SERVICES, "").stream()
                    .filter(TopologyHints::isWanted)
                    .filter(service -> TopologyHints.isOverloaded(service, cache, zones))
                    .forEach(service -> work.add(Work.of(Kinds.SERVICES, service)));
        }
    }

    private static void ofPod(Optional<ObjectNode> before, ObjectNode pod, Cache cache, SequencedSet<Work> work) {
        cache.list(Kinds.SERVICES, Json.namespace(pod)).stream()
                .filter(service -> Reconciliation.selects(service, pod)
                        || before.filter(old -> Reconciliation.selects(service, old))
                                .isPresent())
                .forEach(service -> work.add(Work.of(Kinds.SERVICES, service)));
        work.remove(Work.of(Kinds.PODS, pod));
        if (Pods.isLeaving(pod)) { // a Deployment may wait for its end
            owner(pod).flatMap(cache::find).flatMap(Triggers::owner).ifPresent(work::add);
        }
        if (Json.text(pod, "spec", "nodeName").isEmpty() || Pods.isLeaving(pod)) {
            work.add(Work.SCHEDULING);
        }
    }

    /** The workloads that could adopt the object, which has no owner. */
    private static SequencedSet<Work> adopters(Resource resource, ObjectNode object, Cache cache) {
        List<Resource> kinds = resource == Kinds.PODS
                ? List.of(
                        Kinds.REPLICA_SETS,
                        Kinds.REPLICATION_CONTROLLERS,
                        Kinds.STATEFUL_SETS,
                        Kinds.DAEMON_SETS,
                        Kinds.JOBS)
                : resource == Kinds.REPLICA_SETS ? List.of(Kinds.DEPLOYMENTS) : List.of();
        SequencedSet<Work> work = new LinkedHashSet<>();
        for (Resource kind : kinds) {
            cache.list(kind, Json.namespace(object)).stream()
                    .filter(owner -> Claim.selects(kind, owner, object))
                    .forEach(owner -> work.add(Work.of(kind, owner)));
        }
        return work;
    }

    /** The workload or Service that controls the object. */
    private static Optional<Work> owner(ObjectNode object) {
        return Pods.controller(object)
                .flatMap(owner -> Kinds.ofKind(Json.text(owner, "apiVersion"), Json.text(owner, "kind"))
                        .map(kind -> new Work(kind, Json.namespace(object), Json.text(owner, "name"))));
    }
}
