package fyr.apiserver.object;

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

    /** A refusal that names no object. */
    public static StatusException of(int code, String reason, String message) {
        return new StatusException(code, reason, message, Json.object());
    }

    /** A 400: the request itself makes no sense. */
    public static StatusException badRequest(String message) {
        return of(400, "BadRequest", message);
    }

    /** A 410: the history does not reach back that far. */
    public static StatusException expired(long asked, long oldest) {
        return of(410, "Expired", "too old resource version: " + asked + " (" + oldest + ")");
    }

    /** A 404 about an object. */
    public static StatusException notFound(KindNames kind, String name) {
        return about(404, "NotFound", kind, name, kind.qualified() + " \"" + name + "\" not found");
    }

    /** A 409: the name is taken. */
    public static StatusException exists(KindNames kind, String name) {
        return about(409, "AlreadyExists", kind, name, kind.qualified() + " \"" + name + "\" already exists");
    }

    /** A 409: the object is not the one that the request is about. */
    public static StatusException conflict(KindNames kind, String name, String why) {
        String message = "Operation cannot be fulfilled on " + kind.qualified() + " \"" + name + "\": " + why;
        return about(409, "Conflict", kind, name, message);
    }

    /** A 403 about an object. */
    public static StatusException forbidden(KindNames kind, String name, String why) {
        String message = kind.qualified() + " \"" + name + "\" is forbidden: " + why;
        return about(403, "Forbidden", kind, name, message);
    }

    /** An object that breaks the rules of its kind. */
    public static StatusException invalid(KindNames kind, String name, List<Fault> faults) {
        String all = faults.size() == 1
                ? faults.getFirst().toString()
                : "[" + String.join(", ", faults.stream().map(Fault::toString).toList()) + "]";
        String title = kind.kind() + (kind.group().isEmpty() ? "" : "." + kind.group());
        StatusException invalid = about(422, "Invalid", kind, name, title + " \"" + name + "\" is invalid: " + all);
        invalid.details.put("kind", kind.kind());
        ArrayNode causes = invalid.details.putArray("causes");
        for (Fault fault : faults) {
            causes.addObject()
                    .put("reason", fault.reason())
                    .put("message", fault.message())
                    .put("field", fault.field());
        }
        return invalid;
    }

    private static StatusException about(int code, String reason, KindNames kind, String name, String message) {
        ObjectNode details =
                Json.object().put("name", name).put("group", kind.group()).put("kind", kind.plural());
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
