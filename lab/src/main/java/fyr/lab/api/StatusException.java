package fyr.lab.api;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A request that is answered with a {@code Status} object: code, machine-readable reason, one line for people. */
public final class StatusException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final String reason;
    private final transient ObjectNode details;

    StatusException(int code, String reason, String message, ObjectNode details) {
        super(message);
        this.code = code;
        this.reason = reason;
        this.details = details;
    }

    /** The HTTP status. */
    public int code() {
        return code;
    }

    /** {@code NotFound}, {@code Conflict}, … */
    public String reason() {
        return reason;
    }

    static StatusException of(int code, String reason, String message) {
        return new StatusException(code, reason, message, Json.object());
    }

    static StatusException badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    static StatusException expired(long asked, long oldest) {
        return of(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
    }

    static StatusException notFound(Resource resource, String name) {
        return about(404, "NotFound", resource, name, resource.qualified() + " \"" + name + "\" not found");
    }

    static StatusException exists(Resource resource, String name) {
        return about(409, "AlreadyExists", resource, name, resource.qualified() + " \"" + name + "\" already exists");
    }

    static StatusException conflict(Resource resource, String name, String why) {
        String message = "Operation cannot be fulfilled on " + resource.qualified() + " \"" + name + "\": " + why;
        return about(409, "Conflict", resource, name, message);
    }

    static StatusException forbidden(Resource resource, String name, String why) {
        String message = resource.qualified() + " \"" + name + "\" is forbidden: " + why;
        return about(403, "Forbidden", resource, name, message);
    }

    /** An object that breaks the rules of its kind. */
    static StatusException invalid(Resource resource, String name, List<Fault> faults) {
        String all = faults.size() == 1
                ? faults.getFirst().toString()
                : "[" + String.join(", ", faults.stream().map(Fault::toString).toList()) + "]";
        String kind = resource.kind() + (resource.group().isEmpty() ? "" : "." + resource.group());
        StatusException invalid = about(422, "Invalid", resource, name, kind + " \"" + name + "\" is invalid: " + all);
        invalid.details.put("kind", resource.kind());
        ArrayNode causes = invalid.details.putArray("causes");
        for (Fault fault : faults) {
            causes.addObject()
                    .put("reason", fault.reason())
                    .put("message", fault.message())
                    .put("field", fault.field());
        }
        return invalid;
    }

    private static StatusException about(int code, String reason, Resource resource, String name, String message) {
        ObjectNode details =
                Json.object().put("name", name).put("group", resource.group()).put("kind", resource.plural());
        return new StatusException(code, reason, message, details);
    }

    /** The body of the answer. */
    public ObjectNode status() {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Failure").put("message", getMessage()).put("reason", reason);
        if (!details.isEmpty()) {
            status.set("details", details);
        }
        return status.put("code", code);
    }
}
