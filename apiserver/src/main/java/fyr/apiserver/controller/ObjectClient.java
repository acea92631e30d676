package fyr.apiserver.controller;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.store.DeleteOptions;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A port to an API server. Trees given away may be changed by the server; trees received must not be changed. A refusal is an exception, whose
 * {@code code} tells a conflict from a mistake where the server is embedded.
 */
public interface ObjectClient {
    /** The object, if there is one. */
    Optional<ObjectNode> find(Resource resource, String namespace, String name);

    /** All selected objects of a kind, of one namespace or (with an empty one) of all. */
    List<ObjectNode> list(Resource resource, String namespace, Selector selector);

    /** Creates an object and returns what was stored. */
    ObjectNode create(Resource resource, String namespace, ObjectNode object);

    /** Replaces all but the status. */
    ObjectNode update(Resource resource, String namespace, String name, ObjectNode object);

    /** Replaces the status. */
    ObjectNode updateStatus(Resource resource, String namespace, String name, ObjectNode object);

    /** Changes parts of an object. */
    ObjectNode patch(Resource resource, String namespace, String name, PatchKind kind, JsonNode patch);

    /** Lets an object go; nothing happens when it is gone already. */
    void delete(Resource resource, String namespace, String name, DeleteOptions options);

    /** Binds a pod to a node. */
    void bind(String namespace, String pod, String node);

    /** Events of a kind: all that there is as additions, then every change, until closed. */
    ObjectWatch watch(Resource resource);
}
