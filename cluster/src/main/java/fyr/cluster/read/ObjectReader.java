package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The common frame of every Kubernetes object: metadata, and the fields that each kind reads from {@code spec}, {@code status} and the
 * rest.
 */
final class ObjectReader<K, V> implements Reader<K, V> {

    /** Builds an object of one kind from its fields; created for each object. */
    interface Body<V> {
        /** Reads a top-level field, or returns false to skip it. */
        boolean field(String name, JsonCursor json);

        /** Reads a field of the metadata that only this kind needs, or returns false to skip it. */
        default boolean metadata(String name, JsonCursor json) {
            return false;
        }

        /** The object; empty if it does not concern us. Throws {@link Malformed} for errors that cannot be attributed to a single field. */
        Optional<V> finish(NamespacedName name, Labels labels, JsonCursor json);

        /** Whether ignoring an object of this kind would allow what it denies. */
        default boolean protects() {
            return false;
        }

        /** The minimal meaning of an object that cannot be true, from the part that could be read. */
        default Optional<V> standIn(NamespacedName name) {
            return Optional.empty();
        }
    }

    private final java.util.function.Supplier<Body<V>> bodies;
    private final Function<NamespacedName, K> key;

    ObjectReader(Function<NamespacedName, K> key, java.util.function.Supplier<Body<V>> bodies) {
        this.key = key;
        this.bodies = bodies;
    }

    @Override
    public Reading<K, V> read(JsonCursor json) {
        return new One(json, bodies.get()).read();
    }

    /** One object while it is read. The first complaint counts; the rest is still read, because the name may come last. */
    private final class One {
        private final JsonCursor json;
        private final Body<V> body;
        private String namespace = "";
        private String name = "";
        private Labels labels = Labels.none();
        private @Nullable Malformed complaint;

        One(JsonCursor json, Body<V> body) {
            this.json = json;
            this.body = body;
        }

        Reading<K, V> read() {
            json.begin();
            json.object(this::field);
            NamespacedName whole = new NamespacedName(namespace, name);
            if (name.isEmpty()) {
                return new Reading.Invalid<>(key.apply(whole), "metadata.name", "is missing");
            }
            return complaint == null ? finish(whole) : refused(whole, complaint);
        }

        private Reading<K, V> finish(NamespacedName whole) {
            try {
                K is = key.apply(whole);
                return body.finish(whole, labels, json)
                        .map(value -> complete(is, value))
                        .orElseGet(() -> new Reading.Foreign<>(is));
            } catch (Malformed e) {
                return refused(whole, e);
            }
        }

        private Reading<K, V> complete(K is, V value) {
            List<Malformed> leftOut = json.leftOut();
            List<Fault> faults = new ArrayList<>(json.unsupported());
            if (!leftOut.isEmpty()) {
                Malformed first = leftOut.getFirst();
                String others = leftOut.size() == 1 ? "" : " (and " + (leftOut.size() - 1) + " more)";
                faults.addFirst(new Fault(first.field(), first.what() + "; left out" + others));
            }
            return faults.isEmpty()
                    ? new Reading.Valid<>(is, value)
                    : new Reading.Partial<>(is, value, List.copyOf(faults));
        }

        private Reading<K, V> refused(NamespacedName whole, Malformed e) {
            return body.protects()
                    ? new Reading.Doubtful<>(key.apply(whole), body.standIn(whole), e.field(), e.what())
                    : new Reading.Invalid<>(key.apply(whole), e.field(), e.what());
        }

        private void field(String field) {
            attempt(() -> part(field));
        }

        private void attempt(Runnable reading) {
            json.attempt(reading).ifPresent(e -> complaint = complaint == null ? e : complaint);
        }

        private void part(String field) {
            if (field.equals("metadata")) {
                json.object(name -> attempt(() -> metadata(name))); // a wrong label must not hide the version behind it
            } else if (!body.field(field, json)) {
                json.skip();
            }
        }

        private void metadata(String field) {
            switch (field) {
                case "name" -> name = json.text();
                case "namespace" -> namespace = json.sharedText();
                case "labels" -> labels = json.labels();
                case "resourceVersion" -> json.noteVersion();
                default -> {
                    if (!body.metadata(field, json)) {
                        json.skip();
                    }
                }
            }
        }
    }
}
