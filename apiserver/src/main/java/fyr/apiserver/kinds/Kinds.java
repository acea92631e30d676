package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import fyr.apiserver.schema.ObjectSchema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** The kinds that every lab serves, one constant each. */
public final class Kinds {
    private static final String APPS = "apps";
    private static final String BATCH = "batch";
    private static final String NETWORKING = "networking.k8s.io";
    private static final String RBAC = "rbac.authorization.k8s.io";

    /** Namespaces, which end after their contents. */
    public static final Resource NAMESPACES = core("namespaces", "Namespace")
            .clusterWide()
            .statusOfWriter()
            .shortNames("ns")
            .nameRule(NameRule.LABEL)
            .columns(() -> Columns.NAMESPACES)
            .selectable("status.phase")
            .defaults(Defaults::namespace)
            .lifecycle(_ -> new NamespaceLifecycle())
            .build();

    /** Nodes, each with its pod prefixes. */
    public static final Resource NODES = core("nodes", "Node")
            .clusterWide()
            .statusOfWriter()
            .shortNames("no")
            .columns(() -> Columns.NODES)
            .selectable(List.of(new SelectableField("spec.unschedulable", "spec.unschedulable", "false")))
            .rules((object, faults) -> NodeValidation.check(Json.at(object, "spec"), faults))
            .changes(NodeValidation::changes)
            .lifecycle(setup -> new NodeLifecycle(setup.podRanges()))
            .build();

    /** Pods, which end when their kubelet says so. */
    public static final Resource PODS = core("pods", "Pod")
            .status()
            .shortNames("po")
            .categories("all")
            .actions(new Action("binding", "", "Binding"), new Action("eviction", "policy", "Eviction"))
            .columns(() -> PodColumns.ALL)
            .selectable(PodLifecycle.SELECTABLE)
            .initial(PodLifecycle::initial)
            .defaults(
                    object -> PodDefaults.fill(object.get("spec") instanceof ObjectNode found ? found : Json.object()))
            .rules(Validation::pod)
            .changes(PodChanges::check)
            .lifecycle(_ -> new PodLifecycle())
            .build();

    /** Services, each with its addresses and node ports. */
    public static final Resource SERVICES = core("services", "Service")
            .status()
            .shortNames("svc")
            .categories("all")
            .nameRule(NameRule.LABEL)
            .columns(() -> Columns.SERVICES)
            .selectable("spec.clusterIP", "spec.type")
            .initial(object -> Json.child(object, "status").putObject("loadBalancer"))
            .defaults(object -> ServiceDefaults.fill(Json.child(object, "spec")))
            .checkedByItself()
            .changes(ServiceStatus::check)
            .warnings(ServiceWarnings::of)
            .lifecycle(setup -> new ServiceLifecycle(setup.serviceRanges()))
            .build();

    /** Endpoints. */
    public static final Resource ENDPOINTS = core("endpoints", "Endpoints")
            .shortNames("ep")
            .columns(() -> Columns.ENDPOINTS)
            .rules(Validation::endpoints)
            .build();

    /** ConfigMaps. */
    public static final Resource CONFIG_MAPS = core("configmaps", "ConfigMap")
            .shortNames("cm")
            .columns(() -> Columns.CONFIG_MAPS)
            .build();

    /** Secrets. */
    public static final Resource SECRETS = core("secrets", "Secret")
            .columns(() -> Columns.SECRETS)
            .selectable("type")
            .defaults(Defaults::secret)
            .fixed("type")
            .build();

    /** ServiceAccounts. */
    public static final Resource SERVICE_ACCOUNTS =
            core("serviceaccounts", "ServiceAccount").shortNames("sa").build();

    /** Events, of which the last are kept. */
    public static final Resource EVENTS = core("events", "Event")
            .shortNames("ev")
            .columns(() -> Columns.EVENTS)
            .selectable(EventForms.SELECTABLE)
            .lifecycle(_ -> new EventLifecycle())
            .build();

    /** Deployments. */
    public static final Resource DEPLOYMENTS = workload("deployments", "Deployment")
            .scale(ScalePaths.WORKLOAD)
            .shortNames("deploy")
            .columns(() -> Columns.DEPLOYMENTS)
            .defaults(object -> Defaults.ofSpec(object, Defaults::deployment))
            .fixed("spec.selector")
            .build();

    /** StatefulSets. */
    public static final Resource STATEFUL_SETS = workload("statefulsets", "StatefulSet")
            .scale(ScalePaths.WORKLOAD)
            .shortNames("sts")
            .columns(() -> Columns.STATEFUL_SETS)
            .defaults(object -> Defaults.ofSpec(object, Defaults::statefulSet))
            .fixed("spec.selector", "spec.serviceName")
            .build();

    /** DaemonSets. */
    public static final Resource DAEMON_SETS = workload("daemonsets", "DaemonSet")
            .shortNames("ds")
            .columns(() -> Columns.DAEMON_SETS)
            .defaults(object -> Defaults.ofSpec(object, Defaults::daemonSet))
            .fixed("spec.selector")
            .build();

    /** ReplicaSets. */
    public static final Resource REPLICA_SETS = workload("replicasets", "ReplicaSet")
            .scale(ScalePaths.WORKLOAD)
            .shortNames("rs")
            .columns(() -> Columns.REPLICA_SETS)
            .selectable(List.of(new SelectableField("status.replicas", "status.replicas", "0")))
            .defaults(object -> Defaults.ofSpec(object, (_, spec) -> Defaults.number(spec, "replicas", 1)))
            .fixed("spec.selector")
            .build();

    /** ControllerRevisions. */
    public static final Resource CONTROLLER_REVISIONS = Resource.named(
                    APPS, "v1", "controllerrevisions", "ControllerRevision")
            .columns(() -> Columns.CONTROLLER_REVISIONS)
            .fixed("data")
            .build();

    /** Jobs. */
    public static final Resource JOBS = Resource.named(BATCH, "v1", "jobs", "Job")
            .status()
            .categories("all")
            .columns(() -> Columns.JOBS)
            .selectable(List.of(new SelectableField("status.successful", "status.succeeded", "0")))
            .defaults(object -> Defaults.ofSpec(object, Defaults::job))
            .rules((object, faults) -> Validation.workload("job", true, object, faults))
            .fixed("spec.selector", "spec.template")
            .build();

    /** EndpointSlices. */
    public static final Resource ENDPOINT_SLICES = Resource.named(
                    "discovery.k8s.io", "v1", "endpointslices", "EndpointSlice")
            .columns(() -> Columns.ENDPOINT_SLICES)
            .rules(Validation::endpointSlice)
            .fixed("addressType")
            .build();

    /** NetworkPolicies. */
    public static final Resource NETWORK_POLICIES = Resource.named(NETWORKING, "v1", "networkpolicies", "NetworkPolicy")
            .shortNames("netpol")
            .columns(() -> Columns.NETWORK_POLICIES)
            .defaults(object -> Defaults.ofSpec(object, Defaults::networkPolicy))
            .rules((object, faults) -> PolicyValidation.check(Json.at(object, "spec"), faults))
            .build();

    /** ServiceCIDRs. Addresses are given from the ranges of the server's settings, whatever these objects say. */
    public static final Resource SERVICE_CIDRS = Resource.named(NETWORKING, "v1", "servicecidrs", "ServiceCIDR")
            .clusterWide()
            .status()
            .columns(() -> Columns.SERVICE_CIDRS)
            .fixed("spec")
            .build();

    /** The same events in the words of the newer group. */
    public static final Resource SERIES_EVENTS = Resource.named("events.k8s.io", "v1", "events", "Event")
            .shortNames("ev")
            .schema(ObjectSchema.builtIn("EventsEvent"))
            .columns(() -> Columns.EVENTS)
            .selectable(EventForms.SERIES_SELECTABLE)
            .storedAs(() -> Kinds.EVENTS, EventForms::core, EventForms::series)
            .build();

    /** Leases. */
    public static final Resource LEASES = Resource.named("coordination.k8s.io", "v1", "leases", "Lease")
            .columns(() -> Columns.LEASES)
            .build();

    /** Definitions of custom kinds. */
    public static final Resource DEFINITIONS = Resource.named(
                    "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition")
            .clusterWide()
            .status()
            .shortNames("crd", "crds")
            .categories("api-extensions")
            .columns(() -> Columns.DEFINITIONS)
            .defaults(DefinitionRules::complete)
            .rules(DefinitionRules::check)
            .fixed(DefinitionRules.FIXED)
            .warnings(DefinitionRules::warnings)
            .lifecycle(_ -> new DefinitionLifecycle())
            .build();

    /** ReplicationControllers. */
    public static final Resource REPLICATION_CONTROLLERS = core("replicationcontrollers", "ReplicationController")
            .status()
            .scale(ScalePaths.WORKLOAD)
            .shortNames("rc")
            .categories("all")
            .columns(() -> Columns.REPLICA_SETS)
            .selectable(List.of(new SelectableField("status.replicas", "status.replicas", "0")))
            .defaults(object -> Defaults.ofSpec(object, Defaults::replicationController))
            .rules(Validation::replicationController)
            .build();

    /** DisruptionBudgets, which nothing in a lab acts on. */
    public static final Resource DISRUPTION_BUDGETS = inert("policy", "poddisruptionbudgets", "PodDisruptionBudget")
            .status()
            .shortNames("pdb")
            .rules((object, faults) -> Rules.selector("spec.selector", Json.at(object, "spec", "selector"), faults))
            .build();

    /** Kinds that are stored for those who read them. */
    private static final List<Resource> INERT = List.of(
            inert(BATCH, "cronjobs", "CronJob")
                    .status()
                    .shortNames("cj")
                    .categories("all")
                    .build(),
            inert("", "limitranges", "LimitRange").shortNames("limits").build(),
            inert("", "resourcequotas", "ResourceQuota")
                    .status()
                    .shortNames("quota")
                    .build(),
            inert("", "persistentvolumeclaims", "PersistentVolumeClaim")
                    .status()
                    .shortNames("pvc")
                    .build(),
            inert(NETWORKING, "ingresses", "Ingress").status().shortNames("ing").build(),
            inert(NETWORKING, "ingressclasses", "IngressClass").clusterWide().build(),
            DISRUPTION_BUDGETS,
            inert(RBAC, "roles", "Role").nameRule(NameRule.PATH_SEGMENT).build(),
            inert(RBAC, "rolebindings", "RoleBinding")
                    .nameRule(NameRule.PATH_SEGMENT)
                    .build(),
            inert(RBAC, "clusterroles", "ClusterRole")
                    .nameRule(NameRule.PATH_SEGMENT)
                    .clusterWide()
                    .build(),
            inert(RBAC, "clusterrolebindings", "ClusterRoleBinding")
                    .nameRule(NameRule.PATH_SEGMENT)
                    .clusterWide()
                    .build(),
            inert("storage.k8s.io", "storageclasses", "StorageClass")
                    .clusterWide()
                    .shortNames("sc")
                    .build(),
            inert("scheduling.k8s.io", "priorityclasses", "PriorityClass")
                    .clusterWide()
                    .shortNames("pc")
                    .build());

    /** All of them, in the order of discovery. */
    public static final List<Resource> ALL = Stream.concat(
                    Stream.of(
                            NAMESPACES,
                            NODES,
                            PODS,
                            SERVICES,
                            ENDPOINTS,
                            CONFIG_MAPS,
                            SECRETS,
                            SERVICE_ACCOUNTS,
                            EVENTS,
                            DEPLOYMENTS,
                            STATEFUL_SETS,
                            DAEMON_SETS,
                            REPLICA_SETS,
                            CONTROLLER_REVISIONS,
                            JOBS,
                            ENDPOINT_SLICES,
                            NETWORK_POLICIES,
                            SERVICE_CIDRS,
                            SERIES_EVENTS,
                            LEASES,
                            REPLICATION_CONTROLLERS,
                            DEFINITIONS),
                    INERT.stream())
            .toList();

    private Kinds() {}

    /** The kind that a manifest's {@code apiVersion} and {@code kind} name. */
    public static Optional<Resource> ofKind(String apiVersion, String kind) {
        return ALL.stream()
                .filter(one -> one.kind().equals(kind) && one.apiVersion().equals(apiVersion))
                .findFirst();
    }

    private static ResourceBuilder core(String plural, String kind) {
        return Resource.named("", "v1", plural, kind);
    }

    private static ResourceBuilder inert(String group, String plural, String kind) {
        return Resource.named(group, "v1", plural, kind).inert();
    }

    /** Of the group {@code apps}, with pods that do not end. */
    private static ResourceBuilder workload(String plural, String kind) {
        String singular = kind.toLowerCase(java.util.Locale.ROOT);
        return Resource.named(APPS, "v1", plural, kind)
                .status()
                .categories("all")
                .rules((object, faults) -> Validation.workload(singular, false, object, faults));
    }
}
