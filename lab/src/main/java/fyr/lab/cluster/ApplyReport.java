package fyr.lab.cluster;

import fyr.cluster.manifest.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is reported once at the end although it concerns many objects: a line for each problem, with the objects' names. For one thread. */
final class ApplyReport {

    private static final int MOST_NAMES = 10;

    private final Map<String, List<String>> unknown = new TreeMap<>();
    private final Map<String, List<String>> homeless = new TreeMap<>();
    private final Map<String, List<String>> owned = new TreeMap<>();
    private final Map<String, TreeSet<String>> warnings = new TreeMap<>();
    private final List<String> open = new ArrayList<>();
    private final List<String> earlier = new ArrayList<>();

    private static void put(Map<String, List<String>> map, String key, String name) {
        map.computeIfAbsent(key, _ -> new ArrayList<>()).add(name);
    }

    /** The server does not have the kind; {@code served} is the version in which it has another one of that name. */
    void unknown(Manifest manifest, Optional<String> served) {
        String advice = served.map(version -> "; it is served as " + version).orElse("");
        put(
                unknown,
                manifest.apiVersion() + " " + manifest.kind() + " is unknown here" + advice,
                manifest.name().isEmpty() ? manifest.position() : manifest.name());
    }

    /** There is no such namespace. */
    void homeless(String namespace, String title) {
        put(homeless, namespace, title);
    }

    /** The object belongs to an owner in the same manifests, which creates its own. */
    void owned(String owner, String title) {
        put(owned, owner, title);
    }

    /** The server accepted the object with this warning. */
    void warning(String text, String title) {
        warnings.computeIfAbsent(text, _ -> new TreeSet<>()).add(title);
    }

    /** A policy is not in force; {@code before} if the form applied earlier is. */
    void unprotected(Policy policy, boolean before) {
        (before ? earlier : open).add(policy.toString());
    }

    /** The lines, with the most important last. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        warnings.forEach((text, titles) -> lines.add("warning: " + text + ": " + names(List.copyOf(titles))));
        owned.forEach((owner, titles) -> lines.add("passed over: " + counted(titles) + " of " + owner
                + ", which is another object here and makes its own: " + names(titles)));
        unknown.forEach(
                (what, names) -> lines.add("passed over: " + counted(names) + ", as " + what + ": " + names(names)));
        homeless.forEach((namespace, titles) -> lines.add("namespace " + namespace + " does not exist, so "
                + counted(titles) + " could not be created: " + names(titles)
                + "; add to the manifests: {apiVersion: v1, kind: Namespace, metadata: {name: " + namespace + "}}"));
        if (!earlier.isEmpty()) {
            lines.add("NOT CHANGED: " + String.join("; ", earlier) + ": refused, and the form applied before holds");
        }
        if (!open.isEmpty()) {
            lines.add("NOT PROTECTED: " + String.join("; ", open) + ": refused, and what this policy forbids is open");
        }
        return lines;
    }

    private static String counted(List<String> names) {
        return names.size() == 1 ? "1 object" : names.size() + " objects";
    }

    private static String names(List<String> names) {
        return names.size() <= MOST_NAMES
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMES)) + " and " + (names.size() - MOST_NAMES) + " more";
    }

    /** A policy as people know it: its name, and the pods that it is about. */
    record Policy(String namespace, String name, String pods) {

        /** Empty if the object is no policy of any network. */
        static Optional<Policy> of(Manifest manifest, String namespace) {
            if (!manifest.kind().endsWith("NetworkPolicy")) {
                return Optional.empty();
            }
            String pods =
                    manifest.content().get("spec") instanceof Map<?, ?> spec ? pods(spec.get("podSelector")) : "pods";
            return Optional.of(new Policy(manifest.namespace().orElse(namespace), manifest.name(), pods));
        }

        private static String pods(@org.jspecify.annotations.Nullable Object selector) {
            if (!(selector instanceof Map<?, ?> map)) {
                return "pods";
            }
            List<String> labels = new ArrayList<>();
            if (map.get("matchLabels") instanceof Map<?, ?> wanted) {
                wanted.forEach((key, value) -> labels.add(key + "=" + value));
            }
            if (map.containsKey("matchExpressions")) {
                labels.add("its matchExpressions");
            }
            return labels.isEmpty() ? "all pods" : "pods with " + String.join(",", labels);
        }

        @Override
        public String toString() {
            return namespace + "/" + name + " (" + pods + ")";
        }
    }
}
