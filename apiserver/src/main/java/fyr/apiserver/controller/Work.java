package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import tools.jackson.databind.node.ObjectNode;

/** One object that a controller shall look at. A pod without a name stands for all that wait to be placed. */
record Work(Resource resource, String namespace, String name) {
    static final Work SCHEDULING = new Work(Kinds.PODS, "", "");

    static Work of(Resource resource, ObjectNode object) {
        return new Work(resource, Json.namespace(object), Json.name(object));
    }
}
