package fyr.apiserver.kinds;

import fyr.apiserver.object.Age;
import fyr.apiserver.object.Json;
import fyr.apiserver.schema.StructuralSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A CustomResourceDefinition (apiextensions.k8s.io/v1) that breaks no rule, and the kinds that it makes: one for each version that is served. */
record Definition(JsonNode object) {
    String group() {
        return Json.text(object, "spec", "group");
    }

    String plural() {
        return Json.text(object, "spec", "names", "plural");
    }

    private String kind() {
        return Json.text(object, "spec", "names", "kind");
    }

    List<Resource> served() {
        return Json.items(object, "spec", "versions").stream()
                .filter(version -> Json.truth(version, "served"))
                .map(this::kind)
                .toList();
    }

    /** The version in which objects are kept, whether or not it is served. */
    Resource stored() {
        return Json.items(object, "spec", "versions").stream()
                .filter(version -> Json.truth(version, "storage"))
                .map(this::kind)
                .findFirst()
                .orElseThrow();
    }

    private Resource kind(JsonNode version) {
        JsonNode names = Json.at(object, "spec", "names");
        JsonNode schema = Json.at(version, "schema", "openAPIV3Schema");
        ResourceBuilder builder = Resource.named(group(), Json.text(version, "name"), plural(), kind())
                .called(Json.text(names, "singular"), Json.text(names, "listKind"))
                .shortNames(Json.texts(names, "shortNames").toArray(String[]::new))
                .categories(Json.texts(names, "categories").toArray(String[]::new))
                .schema(new StructuralSchema(schema))
                .selectable(Json.items(version, "selectableFields").stream()
                        .map(field -> Json.text(field, "jsonPath"))
                        .filter(path -> path.startsWith("."))
                        .map(path -> SelectableField.of(path.substring(1)))
                        .toList());
        if (Json.text(object, "spec", "scope").equals("Cluster")) {
            builder.clusterWide();
        }
        if (Json.at(version, "subresources").has("status")) {
            builder.absentStatus();
        }
        JsonNode scale = Json.at(version, "subresources", "scale");
        if (scale.isObject()) {
            builder.scale(new ScalePaths(
                    path(scale, "specReplicasPath"),
                    path(scale, "statusReplicasPath"),
                    path(scale, "labelSelectorPath")));
        }
        List<Column> columns = columns(version);
        builder.columns(() -> columns);
        if (!Json.truth(version, "storage")) {
            UnaryOperator<ObjectNode> shown = Resource.renamed(group() + "/" + Json.text(version, "name"));
            Resource stored = stored();
            builder.storedAs(() -> stored, Resource.renamed(stored.apiVersion()), shown);
        }
        return builder.build();
    }

    private static List<String> path(JsonNode scale, String field) {
        return Arrays.stream(Json.text(scale, field).split("\\."))
                .filter(step -> !step.isEmpty())
                .toList();
    }

    private static List<Column> columns(JsonNode version) {
        List<Column> columns = new ArrayList<>(List.of(Column.NAME));
        for (JsonNode column : Json.items(version, "additionalPrinterColumns")) {
            FieldPath path = FieldPath.parse(Json.text(column, "jsonPath"));
            boolean date = Json.text(column, "type").equals("date");
            columns.add(new Column(
                    Json.text(column, "name"),
                    Json.text(column, "type").equals("integer"),
                    Json.number(column, 0, "priority") > 0,
                    (object, now) -> {
                        String text = path.text(object);
                        return date && !text.isEmpty() ? Age.since(text, now) : text;
                    }));
        }
        if (columns.size() == 1) {
            columns.add(Column.AGE);
        }
        return List.copyOf(columns);
    }
}
