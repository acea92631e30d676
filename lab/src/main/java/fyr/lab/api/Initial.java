package fyr.lab.api;

import tools.jackson.databind.node.ObjectNode;

/** The initial form of an object: the caller's status is replaced by the initial one of its kind. */
final class Initial {
    private Initial() {}

    static void prepare(Resource resource, ObjectNode object) {
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
