package fyr.lab.controller;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.object.Json;
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
        switch (resource) {
            case PODS -> {
                cache.list(Resource.SERVICES, Json.namespace(object)).stream()
                        .filter(service -> Reconciliation.selects(service, object)
                                || before.filter(old -> Reconciliation.selects(service, old))
                                        .isPresent())
                        .forEach(service -> work.add(Work.of(Resource.SERVICES, service)));
                work.remove(Work.of(resource, object));
                if (Pods.isLeaving(object)) { // a Deployment may wait for its end
                    owner(object).flatMap(cache::find).flatMap(Triggers::owner).ifPresent(work::add);
                }
                if (Json.text(object, "spec", "nodeName").isEmpty() || Pods.isLeaving(object)) {
                    work.add(Work.SCHEDULING);
                }
            }
            case NODES -> {
                work.add(Work.SCHEDULING);
                cache.list(Resource.DAEMON_SETS, "").forEach(set -> work.add(Work.of(Resource.DAEMON_SETS, set)));
            }
            case ENDPOINTS -> work.add(Work.of(Resource.SERVICES, object));
            case SERVICE_ACCOUNTS -> work.add(new Work(Resource.NAMESPACES, "", Json.namespace(object)));
            default -> {}
        }
        return work;
    }

    /** The workloads that could adopt the object, which has no owner. */
    private static SequencedSet<Work> adopters(Resource resource, ObjectNode object, Cache cache) {
        List<Resource> kinds = resource == Resource.PODS
                ? List.of(
                        Resource.REPLICA_SETS,
                        Resource.REPLICATION_CONTROLLERS,
                        Resource.STATEFUL_SETS,
                        Resource.DAEMON_SETS,
                        Resource.JOBS)
                : resource == Resource.REPLICA_SETS ? List.of(Resource.DEPLOYMENTS) : List.of();
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
                .flatMap(owner -> Resource.ofKind(Json.text(owner, "apiVersion"), Json.text(owner, "kind"))
                        .map(kind -> new Work(kind, Json.namespace(object), Json.text(owner, "name"))));
    }
}
