package fyr.lab.api;

import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * One step in the history of a kind.
 *
 * @param version the resource version that this change made
 * @param before the object until then; empty when it was added
 * @param after the object from then on; empty when it was deleted
 */
record Change(long version, Optional<ObjectNode> before, Optional<ObjectNode> after) {

    /** The object under its latest form; for a deletion the last one, with the version of the deletion. */
    ObjectNode object() {
        return after.orElseGet(
                () -> before.map(last -> Store.stamped(last, version)).orElseThrow());
    }
}
