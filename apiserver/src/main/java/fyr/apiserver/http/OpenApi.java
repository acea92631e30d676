package fyr.apiserver.http;

import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * As much of an OpenAPI document as makes {@code kubectl apply} leave validation to the server: per kind, a PATCH operation that takes
 * {@code fieldValidation}, and the schema of its objects.
 */
record OpenApi(Catalog catalog) {

    /** {@code /openapi/v3}. */
    ObjectNode index() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        for (Resource resource : catalog.all()) {
            String path = (resource.group().isEmpty() ? "api/" : "apis/") + resource.apiVersion();
            if (paths.has(path)) {
                continue;
            }
            // The hash names the content: clients keep what they have read under it.
            paths.putObject(path)
                    .put(
                            "serverRelativeURL",
                            "/openapi/v3/" + path + "?hash="
                                    + Integer.toHexString(document(resource.group(), resource.version())
                                            .toString()
                                            .hashCode()));
        }
        return index;
    }

    /** {@code /openapi/v3/apis/GROUP/VERSION}. */
    ObjectNode document(String group, String version) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", ServerVersion.NAME);
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        ObjectNode paths = document.putObject("paths");
        for (Resource resource : catalog.all()) {
            if (resource.group().equals(group) && resource.version().equals(version)) {
                resource.schema()
                        .describe(resource.names(), schemas)
                        .putArray("x-kubernetes-group-version-kind")
                        .add(named(resource));
                operation(resource, paths);
            }
        }
        return document;
    }

    private static void operation(Resource resource, ObjectNode paths) {
        String path = resource.path("{namespace}") + "/{name}";
        ObjectNode patch = paths.putObject(path).putObject("patch");
        patch.put("operationId", "patch" + resource.kind());
        for (String name : new String[] {"fieldValidation", "dryRun"}) {
            ObjectNode parameter = patch.withArray("parameters").addObject();
            parameter.put("name", name).put("in", "query").putObject("schema").put("type", "string");
        }
        patch.putObject("responses").putObject("200").put("description", "OK");
        patch.set("x-kubernetes-group-version-kind", named(resource));
    }

    private static ObjectNode named(Resource resource) {
        return Json.object()
                .put("group", resource.group())
                .put("version", resource.version())
                .put("kind", resource.kind());
    }
}
