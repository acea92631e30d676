package fyr.apiserver.controller;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.object.Json;
import fyr.apiserver.store.WatchEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the controllers know about the cluster: what the watches reported, and what they have written themselves, whichever is newer, so
 * that no pod is created twice because a watch is late. Safe on any thread.
 */
final class Cache {
    private final Map<Resource, TreeMap<String, ObjectNode>> objects = new HashMap<>();
    /** By kind and the owner that controls them. */
    private final Map<Owned, Set<Work>> owned = new HashMap<>();
    /** Uids of objects that we have released and whose deletion the watch has not reported yet. */
    private final Map<String, Resource> gone = new HashMap<>();
    /** By kind, the highest resource version that its watch has reported. */
    private final Map<Resource, Long> heard = new HashMap<>();

    /** The objects of a kind that the owner of this uid controls; those that nobody controls under the empty one. */
    private record Owned(Resource resource, String uid) {
        static Owned of(Resource resource, ObjectNode object) {
            return new Owned(
                    resource,
                    Pods.controller(object)
                            .map(owner -> Json.text(owner, "uid"))
                            .orElse(""));
        }
    }

    Cache() {
        Kinds.ALL.forEach(resource -> objects.put(resource, new TreeMap<>()));
    }

    private TreeMap<String, ObjectNode> of(Resource resource) {
        return objects.computeIfAbsent(resource, one -> new TreeMap<>());
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    synchronized Optional<ObjectNode> find(Work work) {
        return Optional.ofNullable(of(work.resource()).get(key(work.namespace(), work.name())));
    }

    /** All of a kind in a namespace; in all for an empty one. */
    synchronized List<ObjectNode> list(Resource resource, String namespace) {
        Collection<ObjectNode> found = namespace.isEmpty()
                ? of(resource).values()
                : of(resource).subMap(namespace + "/", namespace + "0").values();
        return new ArrayList<>(found);
    }

    /** Those of a kind that this object controls. */
    synchronized List<ObjectNode> controlledBy(ObjectNode owner, Resource resource) {
        return owned(new Owned(resource, Json.uid(owner)));
    }

    /**
     * The objects of a kind that an owner may count, each in exactly one of the lists. Two reads would count an object twice if its owner
     * let go of it between them, and its twin would be deleted as one too many.
     *
     * @param controlled those under the owner
     * @param orphans those in the owner's namespace that nobody controls
     */
    record Candidates(List<ObjectNode> controlled, List<ObjectNode> orphans) {}

    synchronized Candidates candidates(ObjectNode owner, Resource resource) {
        List<ObjectNode> orphans = owned(new Owned(resource, "")).stream()
                .filter(object -> Json.namespace(object).equals(Json.namespace(owner)))
                .toList();
        return new Candidates(controlledBy(owner, resource), orphans);
    }

    private List<ObjectNode> owned(Owned by) {
        List<ObjectNode> found = new ArrayList<>();
        owned.getOrDefault(by, Set.of()).forEach(work -> find(work).ifPresent(found::add));
        found.sort(java.util.Comparator.comparing(Json::name));
        return found;
    }

    /** Processes an event; returns the form until then. */
    synchronized Optional<ObjectNode> accept(Resource resource, WatchEvent event) {
        heardUpTo(resource, Json.version(event.object()));
        return listed(resource, event);
    }

    /** All up to this version has been taken in. */
    synchronized void heardUpTo(Resource resource, long version) {
        heard.merge(resource, version, Math::max);
    }

    /** Takes in a part of a list; answers with the form until then. The list is heard only once all of it is taken in. */
    synchronized Optional<ObjectNode> listed(Resource resource, WatchEvent event) {
        return switch (event.type()) {
            case ADDED, MODIFIED -> put(resource, event.object());
            case DELETED -> {
                gone.remove(Json.uid(event.object()));
                yield remove(resource, event.object());
            }
            case BOOKMARK -> Optional.empty();
        };
    }

    /**
     * Processes the result of one of our own writes; returns the form until then. An object that is not known, although the watch is past
     * its version, has been deleted meanwhile: its deletion was reported, and will not be reported again.
     */
    synchronized Optional<ObjectNode> written(Resource resource, ObjectNode object) {
        boolean ended =
                find(Work.of(resource, object)).isEmpty() && Json.version(object) <= heard.getOrDefault(resource, 0L);
        return ended ? Optional.empty() : put(resource, object);
    }

    /** Stores an object unless a newer form, or its deletion, is known. */
    private Optional<ObjectNode> put(Resource resource, ObjectNode object) {
        String key = key(Json.namespace(object), Json.name(object));
        ObjectNode before = of(resource).get(key);
        boolean old = before != null && Json.version(before) >= Json.version(object);
        if (old || gone.containsKey(Json.uid(object))) {
            return Optional.ofNullable(before);
        }
        if (before != null) {
            remove(resource, before);
        }
        of(resource).put(key, object);
        owned.computeIfAbsent(Owned.of(resource, object), by -> new HashSet<>()).add(Work.of(resource, object));
        return Optional.ofNullable(before);
    }

    /** Notes that we have released an object. */
    synchronized void removed(Resource resource, ObjectNode object) {
        if (remove(resource, object).isPresent()) {
            gone.put(Json.uid(object), resource);
        }
    }

    /**
     * After a watch was interrupted: the known objects of a kind that are not in the new list. Each is to be requested, because we may have
     * created it later.
     */
    synchronized List<ObjectNode> unlisted(Resource resource, Set<String> listed) {
        gone.entrySet().removeIf(entry -> entry.getValue() == resource && !listed.contains(entry.getKey()));
        return of(resource).values().stream()
                .filter(object -> !listed.contains(Json.uid(object)))
                .toList();
    }

    /** Removes an object whose deletion will not be reported. */
    synchronized void vanished(Resource resource, ObjectNode object) {
        var _ = remove(resource, object);
    }

    private Optional<ObjectNode> remove(Resource resource, ObjectNode object) {
        String key = key(Json.namespace(object), Json.name(object));
        ObjectNode before = of(resource).get(key);
        if (before == null || !Json.uid(before).equals(Json.uid(object))) {
            return Optional.empty();
        }
        of(resource).remove(key);
        owned.computeIfPresent(Owned.of(resource, before), (by, works) -> {
            works.remove(Work.of(resource, before));
            return works.isEmpty() ? null : works;
        });
        return Optional.of(before);
    }
}
