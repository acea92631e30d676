package fyr.apiserver.http;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** In which form a client wants objects, by its {@code Accept} header. */
enum View {
    OBJECT,
    TABLE,
    METADATA;

    static View of(String accept) {
        String first = accept.toLowerCase(Locale.ROOT);
        return first.contains("as=table") ? TABLE : first.contains("as=partialobjectmetadata") ? METADATA : OBJECT;
    }

    ObjectNode list(Resource resource, Page page, String include) {
        if (this == TABLE) {
            return Table.of(resource, page, true, include, Instant.now());
        }
        boolean whole = this == OBJECT;
        ObjectNode list = Json.object()
                .put("kind", whole ? resource.listKind() : "PartialObjectMetadataList")
                .put("apiVersion", whole ? resource.apiVersion() : "meta.k8s.io/v1");
        page.describe(list.putObject("metadata"));
        ArrayNode items = list.putArray("items");
        page.items().forEach(object -> items.add(whole ? resource.shown(object) : Table.partial(object)));
        return list;
    }

    ObjectNode one(Resource resource, ObjectNode object, boolean headed, String include) {
        return switch (this) {
            case OBJECT -> resource.shown(object);
            case METADATA -> Table.partial(object);
            case TABLE ->
                Table.of(resource, Page.whole(List.of(object), Json.version(object)), headed, include, Instant.now());
        };
    }
}
