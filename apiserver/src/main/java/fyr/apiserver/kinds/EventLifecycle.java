package fyr.apiserver.kinds;

import fyr.apiserver.object.Json;
import java.util.ArrayDeque;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** A real cluster deletes events after an hour; here the oldest are deleted when there are many. */
final class EventLifecycle implements Lifecycle {
    private static final int MOST = 2_000;

    private record Place(String namespace, String name) {}

    /** In the order in which they came. */
    private final ArrayDeque<Place> places = new ArrayDeque<>();

    @Override
    public void stored(Others others, Optional<ObjectNode> before, ObjectNode event) {
        if (before.isEmpty()) {
            places.addLast(new Place(Json.namespace(event), Json.name(event)));
        }
        if (places.size() > MOST) {
            Place oldest = places.removeFirst();
            others.forget(Kinds.EVENTS, oldest.namespace(), oldest.name());
        }
    }
}
