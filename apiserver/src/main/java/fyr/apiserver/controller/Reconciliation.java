package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.node.ObjectNode;

/** Which writes a piece of work asks for, given what is known. */
final class Reconciliation {
    private Reconciliation() {}

    static List<Write> writes(Work work, Cache cache, Instant time) {
        String now = time.truncatedTo(ChronoUnit.SECONDS).toString();
        if (work.equals(Work.SCHEDULING)) {
            return Scheduler.writes(cache.list(Kinds.PODS, ""), cache.list(Kinds.NODES, ""), now);
        }
        return cache.find(work)
                .map(object -> writes(work.resource(), object, cache, now))
                .orElseGet(() -> work.resource() == Kinds.SERVICES ? withoutService(work, cache) : List.of());
    }

    /** The Endpoints that the controller made may come after the end of their Service: nothing else would take them away. */
    private static List<Write> withoutService(Work service, Cache cache) {
        return cache.find(new Work(Kinds.ENDPOINTS, service.namespace(), service.name()))
                .filter(SelectedEndpoints::isOurs)
                .<List<Write>>map(left -> List.of(new Write.Delete(Kinds.ENDPOINTS, left)))
                .orElse(List.of());
    }

    private static List<Write> writes(Resource resource, ObjectNode object, Cache cache, String now) {
        Controller controller = CONTROLLERS.get(resource);
        return controller == null ? List.of() : controller.writes(object, cache, now);
    }

    /** What one controller writes for an object of its kind. */
    private interface Controller {
        List<Write> writes(ObjectNode object, Cache cache, String now);
    }

    private static final Map<Resource, Controller> CONTROLLERS = Map.of(
            Kinds.DEPLOYMENTS,
            (object, cache, now) -> claiming(
                    Kinds.DEPLOYMENTS,
                    object,
                    Kinds.REPLICA_SETS,
                    cache,
                    sets -> Deployments.writes(object, sets, set -> cache.controlledBy(set, Kinds.PODS), now)),
            Kinds.REPLICA_SETS,
            (object, cache, _) -> replicas(Kinds.REPLICA_SETS, object, cache),
            Kinds.REPLICATION_CONTROLLERS,
            (object, cache, _) -> replicas(Kinds.REPLICATION_CONTROLLERS, object, cache),
            Kinds.STATEFUL_SETS,
            (object, cache, _) -> claiming(
                    Kinds.STATEFUL_SETS,
                    object,
                    Kinds.PODS,
                    cache,
                    pods -> StatefulSets.writes(object, pods, cache.controlledBy(object, Kinds.CONTROLLER_REVISIONS))),
            Kinds.DAEMON_SETS,
            (object, cache, _) -> claiming(
                    Kinds.DAEMON_SETS,
                    object,
                    Kinds.PODS,
                    cache,
                    pods -> DaemonSets.writes(object, pods, cache.list(Kinds.NODES, ""))),
            Kinds.JOBS,
            (object, cache, now) ->
                    claiming(Kinds.JOBS, object, Kinds.PODS, cache, pods -> Jobs.writes(object, pods, now)),
            Kinds.SERVICES,
            (object, cache, _) -> service(object, cache),
            Kinds.NAMESPACES,
            (object, cache, _) -> serviceAccount(object, cache));

    private static List<Write> replicas(Resource kind, ObjectNode object, Cache cache) {
        return claiming(kind, object, Kinds.PODS, cache, pods -> ReplicaSets.writes(kind, object, pods));
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
                cache.find(new Work(Kinds.ENDPOINTS, Json.namespace(service), Json.name(service)));
        List<Write> writes = new ArrayList<>(
                EndpointSlices.writes(service, pods, slices(service, cache), EndpointSlices.ClusterNodes.of(cache)));
        writes.addAll(SelectedEndpoints.writes(service, pods, endpoints));
        endpoints.ifPresent(object -> writes.addAll(
                EndpointMirrors.writes(service, object, cache.controlledBy(object, Kinds.ENDPOINT_SLICES))));
        return writes;
    }

    private static List<ObjectNode> selected(ObjectNode service, Cache cache) {
        return cache.list(Kinds.PODS, Json.namespace(service)).stream()
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
        return cache.controlledBy(service, Kinds.ENDPOINT_SLICES).stream()
                .filter(slice -> Pods.label(slice, EndpointSlices.OWNER).equals(EndpointSlices.US))
                .toList();
    }

    private static List<Write> serviceAccount(ObjectNode namespace, Cache cache) {
        Work account = new Work(Kinds.SERVICE_ACCOUNTS, Json.name(namespace), "default");
        if (Pods.isLeaving(namespace) || cache.find(account).isPresent()) {
            return List.of();
        }
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", "default").put("namespace", Json.name(namespace));
        return List.of(new Write.Create(Kinds.SERVICE_ACCOUNTS, object));
    }

    private static final Set<Resource> CONCERNED = Set.of(
            Kinds.NAMESPACES,
            Kinds.NODES,
            Kinds.PODS,
            Kinds.SERVICES,
            Kinds.SERVICE_ACCOUNTS,
            Kinds.DEPLOYMENTS,
            Kinds.STATEFUL_SETS,
            Kinds.DAEMON_SETS,
            Kinds.REPLICA_SETS,
            Kinds.REPLICATION_CONTROLLERS,
            Kinds.JOBS,
            Kinds.ENDPOINTS,
            Kinds.CONTROLLER_REVISIONS,
            Kinds.ENDPOINT_SLICES);

    /** Whether any controller uses this kind; the others are not watched. */
    static boolean concerns(Resource resource) {
        return CONCERNED.contains(resource);
    }
}
