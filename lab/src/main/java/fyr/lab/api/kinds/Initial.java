package fyr.lab.api.kinds;

import fyr.lab.api.object.Json;
import tools.jackson.databind.node.ObjectNode;

/** The initial form of an object: the caller's status is replaced by the initial one of its kind. */
public final class Initial {
    private Initial() {}

    /** Prepares a new object in place. */
    public static void prepare(Resource resource, ObjectNode object) {
        if (resource.hasStatus() && resource != Resource.NODES && resource != Resource.NAMESPACES) {
            object.remove("status");
            object.putObject("status");
        }
        switch (resource) {
            case PODS -> {
                Json.child(object, "status").put("phase", "Pending").put("qosClass", "BestEffort");
                Defaults.text(Json.child(object, "spec"), "serviceAccountName", "default");
            }
            case SERVICES -> Json.child(object, "status").putObject("loadBalancer");
            default -> {}
        }
    }
}
