package fyr.apiserver.store;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step in the history of a kind.
 *
 * @param version the resource version that this change made
 * @param before the object until then; empty when it was added
 * @param after the object from then on; empty when it was deleted
 */
record Change(long version, Optional<ObjectNode> before, Optional<ObjectNode> after) {

    /** How many nodes of JSON the history holds for it: the form until then, which nobody else has any more. */
    long weight() {
        return before.map(Change::nodes).orElse(1L);
    }

    private static long nodes(JsonNode node) {
        long nodes = 1;
        for (JsonNode child : node.values()) {
            nodes += nodes(child);
        }
        return nodes;
    }

    /** The object under its latest form; for a deletion the last one, with the version of the deletion. */
    ObjectNode object() {
        return after.orElseGet(
                () -> before.map(last -> Store.stamped(last, version)).orElseThrow());
    }
}
