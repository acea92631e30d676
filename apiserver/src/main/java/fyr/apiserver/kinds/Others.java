package fyr.apiserver.kinds;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** The other objects of the server, for a {@link Lifecycle}; used under the lock of the store. */
public interface Others {
    /** The object, if there is one. */
    Optional<ObjectNode> find(Resource resource, String namespace, String name);

    /** All objects of a kind, of one namespace or (with an empty one) of all. */
    List<ObjectNode> list(Resource resource, String namespace);

    /** Deletes an object if it is there; immediately, or as gracefully as it asks for. */
    void delete(Resource resource, String namespace, String name, boolean now);

    /** Removes an object without any of the steps of a deletion. */
    void forget(Resource resource, String namespace, String name);

    /** All kinds that are served, which a lifecycle may change. */
    Catalog catalog();
}
