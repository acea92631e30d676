package fyr.lab.api.http;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.object.Json;
import java.util.List;
import java.util.TreeSet;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What the server says that it serves: the group and resource lists of {@code /api} and {@code /apis}, plain and aggregated. */
final class Discovery {
    private static final List<String> VERBS =
            List.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");
    private static final List<String> PART = List.of("get", "patch", "update");

    private Discovery() {}

    /** {@code /api}. */
    static ObjectNode versions() {
        ObjectNode versions = Json.object().put("kind", "APIVersions");
        versions.putArray("versions").add("v1");
        return versions;
    }

    /** {@code /apis}. */
    static ObjectNode groups() {
        ObjectNode list = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode groups = list.putArray("groups");
        names().forEach(name -> groups.add(group(name)));
        return list;
    }

    /** The names of the groups but the core. */
    static TreeSet<String> names() {
        TreeSet<String> names = new TreeSet<>();
        Resource.all().forEach(resource -> names.add(resource.group()));
        names.remove("");
        return names;
    }

    /** {@code /apis/GROUP}. */
    static ObjectNode group(String name) {
        ObjectNode group =
                Json.object().put("kind", "APIGroup").put("apiVersion", "v1").put("name", name);
        ObjectNode version = Json.object().put("groupVersion", name + "/v1").put("version", "v1");
        group.putArray("versions").add(version);
        group.set("preferredVersion", version);
        return group;
    }

    /** {@code /api/v1} or {@code /apis/GROUP/v1}. */
    static ObjectNode resources(String group) {
        ObjectNode list = Json.object()
                .put("kind", "APIResourceList")
                .put("apiVersion", "v1")
                .put("groupVersion", group.isEmpty() ? "v1" : group + "/v1");
        ArrayNode resources = list.putArray("resources");
        for (Resource resource : Resource.all()) {
            if (resource.group().equals(group)) {
                ObjectNode one =
                        entry(resources, resource.plural(), resource.singular(), resource.kind(), resource, VERBS);
                texts(one, "shortNames", resource.shortNames());
                texts(one, "categories", resource.categories());
                if (resource.hasStatus()) {
                    entry(resources, resource.plural() + "/status", "", resource.kind(), resource, PART);
                }
                if (resource.scalable()) {
                    entry(resources, resource.plural() + "/scale", "", "Scale", resource, PART)
                            .put("group", "autoscaling")
                            .put("version", "v1");
                }
                if (resource == Resource.PODS) {
                    entry(resources, "pods/binding", "", "Binding", resource, List.of("create"));
                    entry(resources, "pods/eviction", "", "Eviction", resource, List.of("create"))
                            .put("group", "policy")
                            .put("version", "v1");
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
    static ObjectNode aggregated(boolean core) {
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

    private static ObjectNode discovery(String group) {
        ObjectNode item = Json.object();
        item.putObject("metadata").put("name", group);
        ObjectNode version =
                item.putArray("versions").addObject().put("version", "v1").put("freshness", "Current");
        ArrayNode resources = version.putArray("resources");
        for (Resource resource : Resource.all()) {
            if (resource.group().equals(group)) {
                ObjectNode one = resources.addObject().put("resource", resource.plural());
                kind(one, resource.group(), resource.kind());
                one.put("scope", resource.namespaced() ? "Namespaced" : "Cluster")
                        .put("singularResource", resource.singular());
                texts(one, "verbs", VERBS);
                texts(one, "shortNames", resource.shortNames());
                texts(one, "categories", resource.categories());
                parts(resource, one);
            }
        }
        return item;
    }

    private static void parts(Resource resource, ObjectNode one) {
        ArrayNode parts = Json.array();
        if (resource.hasStatus()) {
            part(parts, "status", resource.group(), resource.kind(), PART);
        }
        if (resource.scalable()) {
            part(parts, "scale", "autoscaling", "Scale", PART);
        }
        if (resource == Resource.PODS) {
            part(parts, "binding", "", "Binding", List.of("create"));
            part(parts, "eviction", "policy", "Eviction", List.of("create"));
        }
        if (!parts.isEmpty()) {
            one.set("subresources", parts);
        }
    }

    private static void part(ArrayNode parts, String name, String group, String kind, List<String> verbs) {
        ObjectNode part = parts.addObject().put("subresource", name);
        kind(part, group, kind);
        texts(part, "verbs", verbs);
    }

    private static void kind(ObjectNode object, String group, String kind) {
        object.putObject("responseKind")
                .put("group", group)
                .put("version", "v1")
                .put("kind", kind);
    }
}
