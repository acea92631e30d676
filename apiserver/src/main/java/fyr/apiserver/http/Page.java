package fyr.apiserver.http;

import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.store.Store;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A list, or a part of one ({@code limit} and {@code continue}, kubernetes.io: API Concepts, "Retrieving large results sets in chunks"). All parts show
 * the objects as they were when the first was read: the history is undone as far as that.
 *
 * @param next the token for the part after this; empty when there is none
 * @param remaining how many objects come after this part
 */
record Page(List<ObjectNode> items, long version, String next, long remaining) {
    private static final String TOO_OLD =
            "The provided continue parameter is too old to display a consistent list result. You must start a new list "
                    + "without the continue parameter.";

    /** All there is. */
    static Page whole(List<ObjectNode> items, long version) {
        return new Page(items, version, "", 0);
    }

    static Page read(Store store, Target target, Selector selector, Query query) {
        long limit = query.number("limit").filter(one -> one > 0).orElse(Long.MAX_VALUE);
        String token = query.text("continue");
        if (token.isEmpty()) {
            Store.Listing all = store.list(target.stored(), target.namespace(), selector);
            return part(all.items(), all.version(), limit);
        }
        Place place = Place.parse(token);
        Map<Store.Key, ObjectNode> then = store.at(target.stored(), place.version())
                .orElseThrow(() -> StatusException.of(410, "Expired", TOO_OLD));
        List<ObjectNode> rest = new ArrayList<>();
        then.forEach((key, object) -> {
            boolean inside = target.namespace().isEmpty() || key.namespace().equals(target.namespace());
            if (inside && place.precedes(key) && selector.matches(object)) {
                rest.add(object);
            }
        });
        return part(rest, place.version(), limit);
    }

    private static Page part(List<ObjectNode> items, long version, long limit) {
        if (items.size() <= limit) {
            return whole(items, version);
        }
        List<ObjectNode> first = List.copyOf(items.subList(0, (int) limit));
        Place place = new Place(version, Json.namespace(first.getLast()), Json.name(first.getLast()));
        return new Page(first, version, place.token(), items.size() - limit);
    }

    /** The {@code metadata} of the list. */
    void describe(ObjectNode metadata) {
        metadata.put("resourceVersion", Long.toString(version));
        if (!next.isEmpty()) {
            metadata.put("continue", next).put("remainingItemCount", remaining);
        }
    }

    /** The last object of the part before, in a list of this version. */
    private record Place(long version, String namespace, String name) {
        String token() {
            ObjectNode token =
                    Json.object().put("rv", version).put("namespace", namespace).put("name", name);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(token.toString().getBytes(StandardCharsets.UTF_8));
        }

        static Place parse(String token) {
            try {
                JsonNode json = Json.MAPPER.readTree(Base64.getUrlDecoder().decode(token));
                return Optional.of(Json.number(json, -1, "rv"))
                        .filter(version -> version >= 0)
                        .map(version -> new Place(version, Json.text(json, "namespace"), Json.text(json, "name")))
                        .orElseThrow(() -> StatusException.badRequest("continue key is not valid"));
            } catch (IllegalArgumentException | JacksonException broken) {
                throw StatusException.badRequest("continue key is not valid");
            }
        }

        boolean precedes(Store.Key key) {
            return new Store.Key(key.resource(), namespace, name).compareTo(key) < 0;
        }
    }
}
