package fyr.apiserver.http;

import fyr.apiserver.kinds.Action;
import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.KindNames;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server says that it serves: the group and resource lists of {@code /api} and {@code /apis}, plain and aggregated. */
record Discovery(Catalog catalog) {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> PART = List.of("get", "patch", "update");
    private static final List<String> POSTED = List.of("create");

    /** {@code /api}. */
    ObjectNode versions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        return versions;
    }

    /** {@code /apis}. */
    ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        names().forEach(name -> groups.add(group(name)));
        return list;
    }

    /** The names of the groups but the core. */
    TreeSet<String> names() {
        TreeSet<String> names = new TreeSet<>();
        catalog.all().forEach(resource -> names.add(resource.group()));
        names.remove("");
        return names;
    }

    /** {@code /apis/GROUP}. */
    ObjectNode group(String name) {
        ObjectNode group =
                Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
        ArrayNode list = group.putArray("versions");
        for (String version : versionsOf(name)) {
            list.addObject().put("groupVersion", name + "/" + version).put("version", version);
        }
        group.set("preferredVersion", list.path(0));
        return group;
    }

    /** The versions of a group, the preferred one first. */
    List<String> versionsOf(String group) {
        return catalog.all().stream()
                .filter(resource -> resource.group().equals(group))
                .map(Resource::version)
                .distinct()
                .sorted(VersionOrder.BEST_FIRST)
                .toList();
    }

    /** {@code /api/v1} or {@code /apis/GROUP/v1}. */
    ObjectNode resources(String group, String inVersion) {
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? inVersion : group + "/" + inVersion);
        ArrayNode resources = list.putArray("resources");
        for (Resource resource : catalog.all()) {
            if (resource.group().equals(group) && resource.version().equals(inVersion)) {
                ObjectNode one =
                        entry(resources, resource.plural(), resource.singular(), resource.kind(), resource, VERBS);
                texts(one, "shortNames", resource.shortNames());
                texts(one, "categories", resource.categories());
                if (resource.hasStatus()) {
                    entry(resources, resource.plural() + "/status", "", resource.kind(), resource, PART);
                }
                if (resource.scale().isPresent()) {
                    entry(resources, resource.plural() + "/scale", "", "Scale", resource, PART)
                            .put("group", "autoscaling")
                            .put("version", "v1");
                }
                for (Action action : resource.actions()) {
                    ObjectNode posted = entry(
                            resources, resource.plural() + "/" + action.name(), "", action.kind(), resource, POSTED);
                    if (!action.group().isEmpty()) {
                        posted.put("group", action.group()).put("version", "v1");
                    }
                }
            }
        }
        return list;
    }

    private static ObjectNode entry(
            ArrayNode into, String name, String singular, String kind, Resource resource, List<String> verbs) {
        ObjectNode entry = into.addObject()
                .put("name", name)
                .put("singularName", singular)
                .put("namespaced", resource.namespaced())
                .put("kind", kind);
        texts(entry, "verbs", verbs);
        return entry;
    }

    private static void texts(ObjectNode object, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode list = object.putArray(field);
            values.forEach(list::add);
        }
    }

    /** {@code /api} or {@code /apis} in one answer (KEP-3352, {@code apidiscovery.k8s.io/v2}). */
    ObjectNode aggregated(boolean core) {
        ObjectNode list =
                Json.object().put("kind", "APIGroupDiscoveryList").put("apiVersion", "apidiscovery.k8s.io/v2");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        if (core) {
            items.add(discovery(""));
        } else {
            names().forEach(name -> items.add(discovery(name)));
        }
        return list;
    }

    private ObjectNode discovery(String group) {
        ObjectNode item = Json.object();
        item.putObject("metadata").put("name", group);
        ArrayNode versions = item.putArray("versions");
        versionsOf(group).forEach(version -> version(versions.addObject(), group, version));
        return item;
    }

    private void version(ObjectNode item, String group, String version) {
        item.put("version", version).put("freshness", "Current");
        ArrayNode resources = item.putArray("resources");
        for (Resource resource : catalog.all()) {
            if (resource.group().equals(group) && resource.version().equals(version)) {
                ObjectNode one = resources.addObject().put("resource", resource.plural());
                kind(one, resource.group(), resource.version(), resource.kind());
                one.put("scope", resource.namespaced() ? "Namespaced" : "Cluster")
                        .put("singularResource", resource.singular());
                texts(one, "verbs", VERBS);
                texts(one, "shortNames", resource.shortNames());
                texts(one, "categories", resource.categories());
                parts(resource, one);
            }
        }
    }

    private static void parts(Resource resource, ObjectNode one) {
        ArrayNode parts = Json.array();
        if (resource.hasStatus()) {
            part(parts, "status", resource.names(), PART);
        }
        if (resource.scale().isPresent()) {
            part(parts, "scale", new KindNames("autoscaling", "v1", "", "Scale"), PART);
        }
        for (Action action : resource.actions()) {
            part(parts, action.name(), new KindNames(action.group(), "v1", "", action.kind()), POSTED);
        }
        if (!parts.isEmpty()) {
            one.set("subresources", parts);
        }
    }

    private static void part(ArrayNode parts, String name, KindNames kind, List<String> verbs) {
        ObjectNode part = parts.addObject().put("subresource", name);
        kind(part, kind.group(), kind.version(), kind.kind());
        texts(part, "verbs", verbs);
    }

    private static void kind(ObjectNode object, String group, String version, String kind) {
        object.putObject("responseKind")
                .put("group", group)
                .put("version", version)
                .put("kind", kind);
    }
}
