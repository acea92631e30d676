package fyr.lab.controller;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.object.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Which writes a piece of work asks for, given what is known. */
final class Reconciliation {
    private Reconciliation() {}

    static List<Write> writes(Work work, Cache cache, Instant time) {
        String now = time.truncatedTo(ChronoUnit.SECONDS).toString();
        if (work.equals(Work.SCHEDULING)) {
            return Scheduler.writes(cache.list(Resource.PODS, ""), cache.list(Resource.NODES, ""), now);
        }
        return cache.find(work)
                .map(object -> writes(work.resource(), object, cache, now))
                .orElseGet(() -> work.resource() == Resource.SERVICES ? withoutService(work, cache) : List.of());
    }

    /** The Endpoints that the controller made may come after the end of their Service: nothing else would take them away. */
    private static List<Write> withoutService(Work service, Cache cache) {
        return cache.find(new Work(Resource.ENDPOINTS, service.namespace(), service.name()))
                .filter(SelectedEndpoints::isOurs)
                .<List<Write>>map(left -> List.of(new Write.Delete(Resource.ENDPOINTS, left)))
                .orElse(List.of());
    }

    private static List<Write> writes(Resource resource, ObjectNode object, Cache cache, String now) {
        return switch (resource) {
            case DEPLOYMENTS ->
                claiming(
                        resource,
                        object,
                        Resource.REPLICA_SETS,
                        cache,
                        sets -> Deployments.writes(object, sets, set -> cache.controlledBy(set, Resource.PODS), now));
            case REPLICA_SETS, REPLICATION_CONTROLLERS ->
                claiming(resource, object, Resource.PODS, cache, pods -> ReplicaSets.writes(resource, object, pods));
            case STATEFUL_SETS ->
                claiming(
                        resource,
                        object,
                        Resource.PODS,
                        cache,
                        pods -> StatefulSets.writes(
                                object, pods, cache.controlledBy(object, Resource.CONTROLLER_REVISIONS)));
            case DAEMON_SETS ->
                claiming(
                        resource,
                        object,
                        Resource.PODS,
                        cache,
                        pods -> DaemonSets.writes(object, pods, cache.list(Resource.NODES, "")));
            case JOBS -> claiming(resource, object, Resource.PODS, cache, pods -> Jobs.writes(object, pods, now));
            case SERVICES -> service(object, cache);
            case NAMESPACES -> serviceAccount(object, cache);
            default -> List.of();
        };
    }

    private static List<Write> claiming(
            Resource kind,
            ObjectNode owner,
            Resource dependents,
            Cache cache,
            Function<List<ObjectNode>, List<Write>> controller) {
        Claim claim = Claim.of(kind, owner, dependents, cache);
        List<Write> writes = new ArrayList<>(claim.writes());
        writes.addAll(controller.apply(claim.held()));
        return writes;
    }

    private static List<Write> service(ObjectNode service, Cache cache) {
        List<ObjectNode> pods = selected(service, cache);
        Optional<ObjectNode> endpoints =
                cache.find(new Work(Resource.ENDPOINTS, Json.namespace(service), Json.name(service)));
        List<Write> writes = new ArrayList<>(EndpointSlices.writes(service, pods, slices(service, cache)));
        writes.addAll(SelectedEndpoints.writes(service, pods, endpoints));
        endpoints.ifPresent(object -> writes.addAll(
                EndpointMirrors.writes(service, object, cache.controlledBy(object, Resource.ENDPOINT_SLICES))));
        return writes;
    }

    private static List<ObjectNode> selected(ObjectNode service, Cache cache) {
        return cache.list(Resource.PODS, Json.namespace(service)).stream()
                .filter(pod -> selects(service, pod))
                .toList();
    }

    static boolean selects(ObjectNode service, ObjectNode pod) {
        Map<String, String> selector = Json.map(service, "spec", "selector");
        Map<String, String> labels = Json.map(pod, "metadata", "labels");
        return !selector.isEmpty()
                && selector.entrySet().stream()
                        .allMatch(wanted -> wanted.getValue().equals(labels.get(wanted.getKey())));
    }

    private static List<ObjectNode> slices(ObjectNode service, Cache cache) {
        return cache.controlledBy(service, Resource.ENDPOINT_SLICES).stream()
                .filter(slice -> Pods.label(slice, EndpointSlices.OWNER).equals(EndpointSlices.US))
                .toList();
    }

    private static List<Write> serviceAccount(ObjectNode namespace, Cache cache) {
        Work account = new Work(Resource.SERVICE_ACCOUNTS, Json.name(namespace), "default");
        if (Pods.isLeaving(namespace) || cache.find(account).isPresent()) {
            return List.of();
        }
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", "default").put("namespace", Json.name(namespace));
        return List.of(new Write.Create(Resource.SERVICE_ACCOUNTS, object));
    }

    /** Whether any controller uses this kind; the others are not watched. */
    static boolean concerns(Resource resource) {
        return switch (resource) {
            case NAMESPACES,
                    NODES,
                    PODS,
                    SERVICES,
                    SERVICE_ACCOUNTS,
                    DEPLOYMENTS,
                    STATEFUL_SETS,
                    DAEMON_SETS,
                    REPLICA_SETS,
                    REPLICATION_CONTROLLERS,
                    JOBS,
                    ENDPOINTS,
                    CONTROLLER_REVISIONS,
                    ENDPOINT_SLICES -> true;
            default -> false;
        };
    }
}
