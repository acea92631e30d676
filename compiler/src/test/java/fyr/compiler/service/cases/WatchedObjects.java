package fyr.compiler.service.cases;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Objects of several kinds as an API server shows them: the present ones, and every change since the beginning. */
final class WatchedObjects {

    private final List<Change> changes = new ArrayList<>();
    private final Map<String, TreeMap<String, String>> present = new HashMap<>();

    /**
     * A change.
     *
     * @param type ADDED, MODIFIED or DELETED
     * @param object in JSON, in which {@code "VERSION"} stands for the number of the change
     */
    record Change(String type, String object) {}

    /** The present objects of a kind, and the number of the last change of any. */
    record Listed(List<String> objects, int version) {}

    /** Makes these the only objects of the kind, by name. */
    synchronized void set(String kind, Map<String, String> objects) {
        TreeMap<String, String> before = present.computeIfAbsent(kind, _ -> new TreeMap<>());
        Map.copyOf(before).forEach((name, object) -> {
            if (!objects.containsKey(name)) {
                before.remove(name);
                note(kind, "DELETED", object);
            }
        });
        objects.forEach((name, object) -> {
            String old = before.put(name, object);
            if (!object.equals(old)) {
                note(kind, old == null ? "ADDED" : "MODIFIED", object);
            }
        });
        notifyAll();
    }

    private void note(String kind, String type, String object) {
        changes.add(new Change(type, kind + " " + object));
    }

    synchronized Listed list(String kind) {
        return new Listed(
                present.getOrDefault(kind, new TreeMap<>()).values().stream()
                        .map(object -> versioned(object, changes.size()))
                        .toList(),
                changes.size());
    }

    /** The next change of a kind after that with this number; waits for it. */
    synchronized Listed next(String kind, int version) throws InterruptedException {
        for (int number = version; ; number++) {
            while (number >= changes.size()) {
                wait();
            }
            Change change = changes.get(number);
            if (change.object().startsWith(kind + " ")) {
                String object = versioned(change.object().substring(kind.length() + 1), number + 1);
                return new Listed(
                        List.of("{\"type\":\"" + change.type() + "\",\"object\":" + object + "}"), number + 1);
            }
        }
    }

    private static String versioned(String object, int version) {
        return object.replace("\"VERSION\"", "\"" + version + "\"");
    }
}
