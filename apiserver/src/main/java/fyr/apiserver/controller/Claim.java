package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.kinds.Selector;
import fyr.apiserver.object.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a workload may count as its own (kubernetes' ControllerRefManager): of the objects it controls, those that its selector still
 * matches, and it releases the rest; and it adopts matching objects without a controller.
 *
 * @param held the workload's, under its owner reference already
 * @param writes the adoptions and releases
 */
record Claim(List<ObjectNode> held, List<Write> writes) {

    static Claim of(Resource kind, ObjectNode owner, Resource dependents, Cache cache) {
        List<ObjectNode> held = new ArrayList<>();
        List<Write> writes = new ArrayList<>();
        Cache.Candidates candidates = cache.candidates(owner, dependents);
        for (ObjectNode one : candidates.controlled()) {
            if (Pods.isLeaving(one) || selects(kind, owner, one)) {
                held.add(one);
            } else {
                writes.add(new Write.Update(dependents, released(one, owner)));
            }
        }
        if (!Pods.isLeaving(owner)) {
            for (ObjectNode one : candidates.orphans()) {
                if (Pods.isActive(one) && selects(kind, owner, one)) {
                    ObjectNode adopted = adopted(one, owner);
                    held.add(adopted);
                    writes.add(new Write.Adopt(dependents, adopted, Work.of(kind, owner), Json.uid(owner)));
                }
            }
        }
        held.sort(Comparator.comparing(Json::name));
        return new Claim(held, writes);
    }

    /** The pods of a StatefulSet have its name too. */
    static boolean selects(Resource kind, ObjectNode owner, ObjectNode one) {
        boolean named = kind != Kinds.STATEFUL_SETS
                || Json.name(one).matches(java.util.regex.Pattern.quote(Json.name(owner)) + "-\\d+");
        var selector = Json.at(owner, "spec", "selector");
        var labels = Json.map(one, "metadata", "labels");
        boolean selected = kind == Kinds.REPLICATION_CONTROLLERS // whose selector is a map of labels
                ? labels.entrySet().containsAll(Json.map(selector).entrySet())
                : Selector.matches(selector, labels);
        return named && !selector.isEmpty() && selected;
    }

    private static ObjectNode adopted(ObjectNode one, ObjectNode owner) {
        ObjectNode copy = one.deepCopy();
        ObjectNode metadata = Json.child(copy, "metadata");
        List<tools.jackson.databind.JsonNode> others = new ArrayList<>(Json.items(metadata, "ownerReferences"));
        Pods.own(metadata, owner);
        ((ArrayNode) metadata.path("ownerReferences")).addAll(others);
        return copy;
    }

    private static ObjectNode released(ObjectNode one, ObjectNode owner) {
        ObjectNode copy = one.deepCopy();
        if (Json.at(copy, "metadata", "ownerReferences") instanceof ArrayNode owners) {
            owners.removeIf(reference -> Json.text(reference, "uid").equals(Json.uid(owner)));
        }
        return copy;
    }
}
