package fyr.apiserver.controller;

import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Events;
import tools.jackson.databind.node.ObjectNode;

/** One change that a controller wants; the trees in it are its own. */
sealed interface Write {
    /** Make this object. */
    record Create(Resource resource, ObjectNode object) implements Write {}

    /** Replace all but the status. */
    record Update(Resource resource, ObjectNode object) implements Write {}

    /** Replace an object with one that has this owner, if the owner is there still: its end may have set the object free a moment ago. */
    record Adopt(Resource resource, ObjectNode object, Work owner, String uid) implements Write {}

    /** Replace the status. */
    record UpdateStatus(Resource resource, ObjectNode object) implements Write {}

    /** Let it go. */
    record Delete(Resource resource, ObjectNode object) implements Write {}

    /** Tell people about an object, by an event. */
    record Tell(ObjectNode object, Events.News news) implements Write {}

    /** Place a pod on a node. */
    record Bind(ObjectNode pod, String node) implements Write {}
}
