package fyr.apiserver.http;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import fyr.apiserver.object.StatusException;
import fyr.apiserver.patch.PatchKind;
import fyr.apiserver.patch.Patches;
import fyr.apiserver.store.DeleteOptions;
import fyr.apiserver.store.Deleted;
import fyr.apiserver.store.Registry;
import fyr.apiserver.store.Scale;
import fyr.apiserver.store.Subresource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The verbs of the API on the objects of a path; all but watch. */
final class Objects {
    private final Registry registry;

    Objects(Registry registry) {
        this.registry = registry;
    }

    /** What needs an image's process. */
    private static final Set<String> OF_PROCESSES = Set.of("log", "exec", "attach", "portforward", "proxy");

    Answer answer(Target target, Request request) {
        if (target.resource().equals(Kinds.PODS) && OF_PROCESSES.contains(target.part())) {
            throw noImage(registry.get(target.resource(), target.namespace(), target.name()), target.part());
        }
        List<String> warnings = new ArrayList<>();
        boolean collection = target.name().isEmpty();
        return switch (request.method()) {
            case "GET", "HEAD" -> collection ? list(target, request) : get(target, request);
            case "POST" -> post(target, request, warnings);
            case "PUT" -> shown(target, request, 200, put(named(target, "PUT"), request, warnings), warnings);
            case "PATCH" -> shown(target, request, 200, patch(named(target, "PATCH"), request, warnings), warnings);
            case "DELETE" -> collection ? deleteAll(target, request) : delete(target, request);
            default -> throw notAllowed(request.method());
        };
    }

    private static StatusException noImage(ObjectNode pod, String part) {
        return StatusException.of(
                405,
                "MethodNotAllowed",
                "no " + part + " here: no image is run in a lab; use: fyr lab exec -n " + Json.namespace(pod) + " "
                        + Json.name(pod) + " -- COMMAND");
    }

    static StatusException notAllowed(String method) {
        return StatusException.of(
                405, "MethodNotAllowed", "the server does not allow " + method + " on the requested resource");
    }

    private static Target named(Target target, String method) {
        if (target.name().isEmpty()) {
            throw notAllowed(method);
        }
        return target;
    }

    private static Subresource part(Target target) {
        boolean whole = target.part().isEmpty()
                || target.resource().equals(Kinds.NAMESPACES) && target.part().equals("finalize");
        if (whole) {
            return Subresource.WHOLE;
        } else if (target.part().equals("status") && target.resource().hasStatus()) {
            return Subresource.STATUS;
        } else if (target.part().equals("scale") && target.resource().scale().isPresent()) {
            return Subresource.SCALE;
        }
        throw StatusException.of(
                404,
                "NotFound",
                "the server could not find the requested resource: "
                        + target.resource().plural() + "/" + target.part());
    }

    private Answer list(Target target, Request request) {
        Selector selector = selector(target, request);
        Page page = Page.read(registry.store(), target, selector, request.query());
        View view = View.of(request.accept());
        return Answer.ok(view.list(target.resource(), page, request.query().text("includeObject")));
    }

    static Selector selector(Target target, Request request) {
        return Selector.parse(
                target.resource(),
                request.query().text("labelSelector"),
                request.query().text("fieldSelector"));
    }

    private Answer get(Target target, Request request) {
        Subresource part = part(target);
        ObjectNode object = registry.get(target.stored(), target.namespace(), target.name());
        return part == Subresource.SCALE
                ? Answer.ok(Scale.of(target.resource(), object))
                : shown(target, request, 200, object, List.of());
    }

    private static Answer shown(Target target, Request request, int code, ObjectNode object, List<String> warnings) {
        boolean scale = target.part().equals("scale");
        View view = View.of(request.accept());
        ObjectNode body = scale
                ? object
                : view.one(target.resource(), object, true, request.query().text("includeObject"));
        return new Answer(code, Answer.JSON, body, warnings);
    }

    private Answer post(Target target, Request request, List<String> warnings) {
        ObjectNode object = request.object();
        if (target.resource().equals(Kinds.PODS) && target.part().equals("binding")) {
            registry.bind(target.namespace(), target.name(), Json.text(object, "target", "name"));
            return new Answer(201, Answer.JSON, success(target, ""), warnings);
        }
        if (target.resource().equals(Kinds.PODS) && target.part().equals("eviction")) {
            registry.delete(target.resource(), target.namespace(), target.name(), evicted(object));
            return new Answer(201, Answer.JSON, success(target, ""), warnings);
        }
        if (!target.name().isEmpty()) {
            throw notAllowed("POST");
        }
        String namespace = target.namespace();
        if (target.resource().namespaced() && namespace.isEmpty()) {
            throw StatusException.badRequest(
                    "an object of kind " + target.resource().kind() + " needs a namespace");
        }
        ObjectNode created =
                registry.create(target.stored(), namespace, stored(target, object), request.writeOptions(), warnings);
        return shown(target, request, 201, created, warnings);
    }

    private static DeleteOptions evicted(JsonNode eviction) {
        JsonNode options = Json.at(eviction, "deleteOptions");
        var grace = options.has("gracePeriodSeconds")
                ? Optional.of(Json.number(options, 30, "gracePeriodSeconds"))
                : Optional.<Long>empty();
        boolean dryRun = Json.texts(options, "dryRun").contains("All");
        return new DeleteOptions(grace, false, Optional.empty(), dryRun);
    }

    private ObjectNode put(Target target, Request request, List<String> warnings) {
        Subresource part = part(target);
        return part == Subresource.SCALE
                ? registry.scale(target.key(), request.object(), request.writeOptions())
                : registry.update(
                        target.key(), part, stored(target, request.object()), request.writeOptions(), warnings);
    }

    private static ObjectNode stored(Target target, ObjectNode object) {
        return target.resource().toStored(object);
    }

    private ObjectNode patch(Target target, Request request, List<String> warnings) {
        if (request.patchKind() == PatchKind.STRATEGIC
                && target.resource().schema().fields().isEmpty()) {
            throw Request.unknownFormat(
                    "application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml");
        }
        if (target.resource().converted()) {
            ObjectNode before =
                    target.resource().shown(registry.get(target.stored(), target.namespace(), target.name()));
            if (Patches.apply(target.resource().fields(), before, request.patchKind(), request.tree())
                    instanceof ObjectNode after) {
                return registry.update(
                        target.key(), part(target), stored(target, after), request.writeOptions(), warnings);
            }
            throw StatusException.badRequest("the patch makes something else than an object");
        }
        return registry.patch(
                target.key(), part(target), request.patchKind(), request.tree(), request.writeOptions(), warnings);
    }

    private Answer delete(Target target, Request request) {
        if (!target.part().isEmpty()) {
            throw notAllowed("DELETE");
        }
        Deleted deleted = registry.delete(target.stored(), target.namespace(), target.name(), request.deleteOptions());
        boolean shown = !deleted.gone() || target.resource().equals(Kinds.PODS);
        return Answer.ok(shown ? deleted.object() : success(target, Json.uid(deleted.object())));
    }

    private Answer deleteAll(Target target, Request request) {
        Selector selector = selector(target, request);
        if (target.resource().namespaced() && target.namespace().isEmpty()) {
            throw notAllowed("DELETE");
        }
        List<ObjectNode> all =
                registry.deleteAll(target.stored(), target.namespace(), selector, request.deleteOptions());
        return Answer.ok(View.OBJECT.list(
                target.resource(), Page.whole(all, registry.store().version()), ""));
    }

    private static ObjectNode success(Target target, String uid) {
        ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", "Success");
        ObjectNode details = status.putObject("details").put("name", target.name());
        details.put("group", target.resource().group())
                .put("kind", target.resource().plural());
        if (!uid.isEmpty()) {
            details.put("uid", uid);
        }
        return status;
    }
}
