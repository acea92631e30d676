package fyr.apiserver.http;

import fyr.apiserver.kinds.Column;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The {@code meta.k8s.io/v1} Table in which {@code kubectl get} receives objects. */
final class Table {
    private Table() {}

    /**
     * @param headed whether the columns are described; only the first table of a watch does so
     * @param include {@code None}, {@code Object}, or else the metadata of each object in its row
     */
    static ObjectNode of(Resource resource, Page page, boolean headed, String include, Instant now) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        page.describe(table.putObject("metadata"));
        List<Column> columns = resource.columns();
        ArrayNode definitions = table.putArray("columnDefinitions");
        if (headed) {
            columns.forEach(column -> definitions.add(definition(column)));
        }
        ArrayNode rows = table.putArray("rows");
        for (ObjectNode object : page.items()) {
            ObjectNode row = rows.addObject();
            ArrayNode cells = row.putArray("cells");
            for (Column column : columns) {
                String text = column.cell().apply(object, now);
                if (column.number() && text.matches("-?\\d{1,18}")) {
                    cells.add(Long.parseLong(text));
                } else {
                    cells.add(text);
                }
            }
            switch (include) {
                case "None" -> {}
                case "Object" -> row.set("object", object);
                default -> row.set("object", partial(object));
            }
        }
        return table;
    }

    /** The metadata of an object alone. */
    static ObjectNode partial(ObjectNode object) {
        ObjectNode partial = Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        partial.set("metadata", object.path("metadata"));
        return partial;
    }

    private static ObjectNode definition(Column column) {
        return Json.object()
                .put("name", column.name())
                .put("type", column.number() ? "integer" : "string")
                .put("format", column.name().equals("Name") ? "name" : "")
                .put("description", column.name())
                .put("priority", column.wide() ? 1 : 0);
    }
}
