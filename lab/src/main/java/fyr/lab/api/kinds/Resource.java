package fyr.lab.api.kinds;

import fyr.lab.api.object.KindNames;
import fyr.lab.api.schema.Field;
import fyr.lab.api.schema.Schema;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds that the lab serves, with the names of their paths. Those from {@link #CRON_JOBS} on are only stored; switches over kinds leave
 * them to their {@code default}.
 */
public enum Resource {
    NAMESPACES("", "v1", "namespaces", "Namespace", false, true, List.of("ns"), List.of()),
    NODES("", "v1", "nodes", "Node", false, true, List.of("no"), List.of()),
    PODS("", "v1", "pods", "Pod", true, true, List.of("po"), List.of("all")),
    SERVICES("", "v1", "services", "Service", true, true, List.of("svc"), List.of("all")),
    ENDPOINTS("", "v1", "endpoints", "Endpoints", true, false, List.of("ep"), List.of()),
    CONFIG_MAPS("", "v1", "configmaps", "ConfigMap", true, false, List.of("cm"), List.of()),
    SECRETS("", "v1", "secrets", "Secret", true, false, List.of(), List.of()),
    SERVICE_ACCOUNTS("", "v1", "serviceaccounts", "ServiceAccount", true, false, List.of("sa"), List.of()),
    EVENTS("", "v1", "events", "Event", true, false, List.of("ev"), List.of()),
    DEPLOYMENTS("apps", "v1", "deployments", "Deployment", true, true, List.of("deploy"), List.of("all")),
    STATEFUL_SETS("apps", "v1", "statefulsets", "StatefulSet", true, true, List.of("sts"), List.of("all")),
    DAEMON_SETS("apps", "v1", "daemonsets", "DaemonSet", true, true, List.of("ds"), List.of("all")),
    REPLICA_SETS("apps", "v1", "replicasets", "ReplicaSet", true, true, List.of("rs"), List.of("all")),
    CONTROLLER_REVISIONS("apps", "v1", "controllerrevisions", "ControllerRevision", true, false, List.of(), List.of()),
    JOBS("batch", "v1", "jobs", "Job", true, true, List.of(), List.of("all")),
    ENDPOINT_SLICES("discovery.k8s.io", "v1", "endpointslices", "EndpointSlice", true, false, List.of(), List.of()),
    NETWORK_POLICIES(
            "networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy", true, false, List.of("netpol"), List.of()),
    SERIES_EVENTS("events.k8s.io", "v1", "events", "Event", true, false, List.of("ev"), List.of()),
    LEASES("coordination.k8s.io", "v1", "leases", "Lease", true, false, List.of(), List.of()),
    REPLICATION_CONTROLLERS(
            "", "v1", "replicationcontrollers", "ReplicationController", true, true, List.of("rc"), List.of("all")),
    CRON_JOBS("batch", "v1", "cronjobs", "CronJob", true, true, List.of("cj"), List.of("all")),
    LIMIT_RANGES("", "v1", "limitranges", "LimitRange", true, false, List.of("limits"), List.of()),
    RESOURCE_QUOTAS("", "v1", "resourcequotas", "ResourceQuota", true, true, List.of("quota"), List.of()),
    VOLUME_CLAIMS("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim", true, true, List.of("pvc"), List.of()),
    INGRESSES("networking.k8s.io", "v1", "ingresses", "Ingress", true, true, List.of("ing"), List.of()),
    INGRESS_CLASSES("networking.k8s.io", "v1", "ingressclasses", "IngressClass", false, false, List.of(), List.of()),
    DISRUPTION_BUDGETS(
            "policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, true, List.of("pdb"), List.of()),
    ROLES("rbac.authorization.k8s.io", "v1", "roles", "Role", true, false, List.of(), List.of()),
    ROLE_BINDINGS("rbac.authorization.k8s.io", "v1", "rolebindings", "RoleBinding", true, false, List.of(), List.of()),
    CLUSTER_ROLES("rbac.authorization.k8s.io", "v1", "clusterroles", "ClusterRole", false, false, List.of(), List.of()),
    CLUSTER_ROLE_BINDINGS(
            "rbac.authorization.k8s.io",
            "v1",
            "clusterrolebindings",
            "ClusterRoleBinding",
            false,
            false,
            List.of(),
            List.of()),
    DEFINITIONS(
            "apiextensions.k8s.io",
            "v1",
            "customresourcedefinitions",
            "CustomResourceDefinition",
            false,
            true,
            List.of("crd", "crds"),
            List.of("api-extensions")),
    STORAGE_CLASSES("storage.k8s.io", "v1", "storageclasses", "StorageClass", false, false, List.of("sc"), List.of()),
    PRIORITY_CLASSES(
            "scheduling.k8s.io", "v1", "priorityclasses", "PriorityClass", false, false, List.of("pc"), List.of());

    private static final List<Resource> ALL = List.of(values());
    /** Stored for those who read them; nothing in a lab acts on them. */
    private static final Set<Resource> INERT = EnumSet.range(CRON_JOBS, PRIORITY_CLASSES);

    private final String group;
    private final String version;
    private final String plural;
    private final String kind;
    private final boolean namespaced;
    private final boolean status;
    private final List<String> shortNames;
    private final List<String> categories;

    Resource(
            String group,
            String version,
            String plural,
            String kind,
            boolean namespaced,
            boolean status,
            List<String> shortNames,
            List<String> categories) {
        this.group = group;
        this.version = version;
        this.plural = plural;
        this.kind = kind;
        this.namespaced = namespaced;
        this.status = status;
        this.shortNames = shortNames;
        this.categories = categories;
    }

    /** All kinds, in the order of discovery. */
    public static List<Resource> all() {
        return ALL;
    }

    /** The kind served under this group, version and plural name. */
    public static Optional<Resource> of(String group, String version, String plural) {
        return ALL.stream()
                .filter(one -> one.group.equals(group) && one.version.equals(version) && one.plural.equals(plural))
                .findFirst();
    }

    /** The kind that a manifest's {@code apiVersion} and {@code kind} name. */
    public static Optional<Resource> ofKind(String apiVersion, String kind) {
        return ALL.stream()
                .filter(one -> one.kind.equals(kind) && one.apiVersion().equals(apiVersion))
                .findFirst();
    }

    /** The API group, empty for the core. */
    public String group() {
        return group;
    }

    /** The version of the group, {@code v1}. */
    public String version() {
        return version;
    }

    /** The name in paths, {@code pods}. */
    public String plural() {
        return plural;
    }

    /** The name in manifests, {@code Pod}. */
    public String kind() {
        return kind;
    }

    /** {@code pod}. */
    public String singular() {
        return kind.toLowerCase(java.util.Locale.ROOT);
    }

    /** Whether objects of this kind live in a namespace. */
    public boolean namespaced() {
        return namespaced;
    }

    /** Whether {@code status} is written separately. */
    public boolean hasStatus() {
        return status;
    }

    /** Whether objects of this kind have no effect in a lab. */
    public boolean inert() {
        return INERT.contains(this);
    }

    /** Whether the kind has the {@code scale} subresource. */
    public boolean scalable() {
        return this == DEPLOYMENTS || this == STATEFUL_SETS || this == REPLICA_SETS || this == REPLICATION_CONTROLLERS;
    }

    /** Other names that {@code kubectl get} accepts. */
    public List<String> shortNames() {
        return shortNames;
    }

    /** {@code all}, or nothing. */
    public List<String> categories() {
        return categories;
    }

    /** What the kind is called. */
    public KindNames names() {
        return new KindNames(group, version, plural, kind);
    }

    /** {@code v1} or {@code group/v1}. */
    public String apiVersion() {
        return names().apiVersion();
    }

    /** The name of the type of its objects in the {@link Schema}. */
    public String type() {
        return this == SERIES_EVENTS ? "EventsEvent" : kind;
    }

    /** The fields of its objects. */
    public Map<String, Field> fields() {
        return Schema.instance().fields(type());
    }

    /** The path of the collection of one namespace, or of all with an empty one: {@code /api/v1/namespaces/shop/pods}. */
    public String path(String namespace) {
        return (group.isEmpty() ? "/api/" : "/apis/" + group + "/")
                + version
                + (namespaced && !namespace.isEmpty() ? "/namespaces/" + namespace : "")
                + "/"
                + plural;
    }
}
