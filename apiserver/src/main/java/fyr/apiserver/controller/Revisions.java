package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/** The templates that a StatefulSet has had, as ControllerRevisions: pods below its partition are made of the last one but this. */
final class Revisions {
    private Revisions() {}

    /** Makes the one of the set's template the newest; forgets the oldest beyond the limit that nobody uses. */
    static List<Write> writes(ObjectNode set, String name, List<ObjectNode> known, Set<String> used) {
        List<Write> writes = new ArrayList<>();
        long newest = known.stream().mapToLong(Revisions::number).max().orElse(0);
        Optional<ObjectNode> own =
                known.stream().filter(one -> Json.name(one).equals(name)).findFirst();
        if (own.isEmpty()) {
            writes.add(new Write.Create(Kinds.CONTROLLER_REVISIONS, revision(set, name, newest + 1)));
        } else if (number(own.get()) < newest) {
            writes.add(new Write.Update(
                    Kinds.CONTROLLER_REVISIONS, own.get().deepCopy().put("revision", newest + 1)));
        }
        List<ObjectNode> idle = known.stream()
                .filter(one -> !Json.name(one).equals(name) && !used.contains(Json.name(one)))
                .sorted(Comparator.comparingLong(Revisions::number))
                .toList();
        long keep = Json.number(set, 10, "spec", "revisionHistoryLimit");
        idle.stream()
                .limit(Math.max(0, idle.size() - keep))
                .forEach(one -> writes.add(new Write.Delete(Kinds.CONTROLLER_REVISIONS, one)));
        return writes;
    }

    /** The set as it was at that revision, if that is remembered. */
    static Optional<ObjectNode> at(ObjectNode set, String name, List<ObjectNode> known) {
        return known.stream()
                .filter(one -> Json.name(one).equals(name))
                .findFirst()
                .map(revision -> {
                    ObjectNode then = set.deepCopy();
                    ObjectNode template = Json.child(Json.child(then, "spec"), "template");
                    template.removeAll();
                    if (Json.at(revision, "data", "spec", "template") instanceof ObjectNode kept) {
                        template.setAll(kept.deepCopy());
                    }
                    template.remove("$patch");
                    return then;
                });
    }

    private static long number(ObjectNode revision) {
        return Json.number(revision, 0, "revision");
    }

    /** The data is a strategic merge patch, which {@code kubectl rollout undo} applies. */
    private static ObjectNode revision(ObjectNode set, String name, long number) {
        ObjectNode revision = Json.object().put("apiVersion", "apps/v1").put("kind", "ControllerRevision");
        ObjectNode metadata = revision.putObject("metadata").put("name", name).put("namespace", Json.namespace(set));
        metadata.set("labels", Json.of(Json.map(set, "spec", "template", "metadata", "labels")));
        Pods.own(metadata, set);
        ObjectNode template = Json.child(Json.child(Json.child(revision, "data"), "spec"), "template");
        if (Json.at(set, "spec", "template") instanceof ObjectNode now) {
            template.setAll(now.deepCopy());
        }
        template.put("$patch", "replace");
        return revision.put("revision", number);
    }
}
