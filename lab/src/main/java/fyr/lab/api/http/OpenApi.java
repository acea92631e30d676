package fyr.lab.api.http;

import fyr.lab.api.kinds.Resource;
import fyr.lab.api.object.Json;
import tools.jackson.databind.node.ObjectNode;

/**
 * As much of an OpenAPI document as makes {@code kubectl apply} leave validation to the server: per kind, a PATCH operation that takes
 * {@code fieldValidation}; and the {@link OpenApiSchemas}.
 */
final class OpenApi {
    private OpenApi() {}

    /** {@code /openapi/v3}. */
    static ObjectNode index() {
        ObjectNode index = Json.object();
        ObjectNode paths = index.putObject("paths");
        paths.putObject("api/v1").put("serverRelativeURL", "/openapi/v3/api/v1?hash=1");
        for (String group : Discovery.names()) {
            paths.putObject("apis/" + group + "/v1")
                    .put("serverRelativeURL", "/openapi/v3/apis/" + group + "/v1?hash=1");
        }
        return index;
    }

    /** {@code /openapi/v3/apis/GROUP/v1}. */
    static ObjectNode document(String group) {
        ObjectNode document = Json.object().put("openapi", "3.0.0");
        document.putObject("info").put("title", "Kubernetes").put("version", ServerVersion.NAME);
        document.putObject("components").set("schemas", OpenApiSchemas.of(group));
        ObjectNode paths = document.putObject("paths");
        for (Resource resource : Resource.all()) {
            if (resource.group().equals(group)) {
                String path = resource.path("{namespace}") + "/{name}";
                ObjectNode patch = paths.putObject(path).putObject("patch");
                patch.put("operationId", "patch" + resource.kind());
                for (String name : new String[] {"fieldValidation", "dryRun"}) {
                    ObjectNode parameter = patch.withArray("parameters").addObject();
                    parameter
                            .put("name", name)
                            .put("in", "query")
                            .putObject("schema")
                            .put("type", "string");
                }
                patch.putObject("responses").putObject("200").put("description", "OK");
                patch.putObject("x-kubernetes-group-version-kind")
                        .put("group", group)
                        .put("version", resource.version())
                        .put("kind", resource.kind());
            }
        }
        return document;
    }
}
