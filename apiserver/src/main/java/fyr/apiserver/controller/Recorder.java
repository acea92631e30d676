package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Events;
import fyr.apiserver.object.Json;
import fyr.apiserver.patch.PatchKind;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tells people what the controllers do, as events of the object that it is done for. An event that cannot be written is nobody's loss. */
final class Recorder {
    private static final System.Logger LOG = System.getLogger(Recorder.class.getName());

    private final ObjectClient client;
    private final InstantSource time;

    Recorder(ObjectClient client, InstantSource time) {
        this.client = client;
        this.time = time;
    }

    /** A write has been done; {@code made} is what came of a creation. */
    void done(Write write, Optional<ObjectNode> made) {
        switch (write) {
            case Write.Create(Resource resource, var _)
            when resource == Kinds.PODS ->
                made.ifPresent(pod ->
                        ofOwner(pod, new Events.News(false, "SuccessfulCreate", "Created pod: " + Json.name(pod))));
            case Write.Delete(Resource resource, ObjectNode pod)
            when resource == Kinds.PODS ->
                ofOwner(pod, new Events.News(false, "SuccessfulDelete", "Deleted pod: " + Json.name(pod)));
            case Write.Bind(ObjectNode pod, String node) ->
                tell(
                        pod,
                        new Events.News(
                                false,
                                "Scheduled",
                                "Successfully assigned " + Json.namespace(pod) + "/" + Json.name(pod) + " to " + node),
                        "default-scheduler");
            case Write.Tell(ObjectNode object, Events.News news) -> tell(object, news, "endpoint-slice-controller");
            case Write.UpdateStatus(Resource resource, ObjectNode pod) when resource == Kinds.PODS -> homeless(pod);
            case Write.Create _, Write.Delete _, Write.Update _, Write.Adopt _, Write.UpdateStatus _ -> {}
        }
    }

    /** A write has failed, and will be tried again. */
    void failed(Write write, String why) {
        if (write instanceof Write.Create(Resource resource, ObjectNode pod) && resource == Kinds.PODS) {
            ofOwner(pod, new Events.News(true, "FailedCreate", "Error creating: " + why));
        }
    }

    private void homeless(ObjectNode pod) {
        for (JsonNode condition : Json.items(pod, "status", "conditions")) {
            if (Json.text(condition, "type").equals("PodScheduled")
                    && Json.text(condition, "status").equals("False")) {
                tell(
                        pod,
                        new Events.News(true, "FailedScheduling", Json.text(condition, "message")),
                        "default-scheduler");
            }
        }
    }

    private void ofOwner(ObjectNode pod, Events.News news) {
        Pods.controller(pod).ifPresent(owner -> {
            ObjectNode object = Json.object()
                    .put("apiVersion", Json.text(owner, "apiVersion"))
                    .put("kind", Json.text(owner, "kind"));
            object.putObject("metadata")
                    .put("name", Json.text(owner, "name"))
                    .put("namespace", Json.namespace(pod))
                    .put("uid", Json.text(owner, "uid"));
            tell(object, news, Json.text(owner, "kind").toLowerCase(Locale.ROOT) + "-controller");
        });
    }

    private void tell(ObjectNode object, Events.News news, String component) {
        ObjectNode event = Events.first(object, news, component, "", time.instant());
        try {
            Optional<ObjectNode> before = client.find(Kinds.EVENTS, Json.namespace(event), Json.name(event));
            before.ifPresentOrElse(
                    one -> client.patch(
                            Kinds.EVENTS,
                            Json.namespace(one),
                            Json.name(one),
                            PatchKind.MERGE,
                            Events.again(one, time.instant())),
                    () -> client.create(Kinds.EVENTS, Json.namespace(event), event));
        } catch (RuntimeException refused) {
            LOG.log(System.Logger.Level.DEBUG, "an event was not taken: " + refused.getMessage());
        }
    }
}
