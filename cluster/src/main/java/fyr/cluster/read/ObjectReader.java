package fyr.cluster.read;

import fyr.model.Labels;
import fyr.model.NamespacedName;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The frame of every Kubernetes object: metadata, and below it what each kind reads of {@code spec}, {@code status} and the rest. */
final class ObjectReader<K, V> implements Reader<K, V> {

    /** What a kind makes of its fields; made anew for each object. */
    interface Body<V> {
        /** Reads a top-level field, or returns false to pass over it. */
        boolean field(String name, JsonCursor json);

        /** The object; empty if it is none of ours. Throws {@link Malformed} for what no single field can be blamed for. */
        Optional<V> finish(NamespacedName name, Labels labels, JsonCursor json);
    }

    private final java.util.function.Supplier<Body<V>> bodies;
    private final BiFunction<String, String, K> key;

    ObjectReader(BiFunction<String, String, K> key, java.util.function.Supplier<Body<V>> bodies) {
        this.key = key;
        this.bodies = bodies;
    }

    @Override
    public Reading<K, V> read(JsonCursor json) {
        return new One(json, bodies.get()).read();
    }

    /** One object on its way in. The first complaint counts; the rest is still read, for the name may come last. */
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
            K key = ObjectReader.this.key.apply(namespace, name);
            if (complaint != null) {
                return new Reading.Invalid<>(key, complaint.field(), complaint.what());
            }
            if (name.isEmpty()) {
                return new Reading.Invalid<>(key, "metadata.name", "is missing");
            }
            return finish(key);
        }

        private Reading<K, V> finish(K key) {
            try {
                Optional<V> value = body.finish(new NamespacedName(namespace, name), labels, json);
                return value.<Reading<K, V>>map(v -> new Reading.Valid<>(key, v))
                        .orElseGet(() -> new Reading.Foreign<>(key));
            } catch (Malformed e) {
                return new Reading.Invalid<>(key, e.field(), e.what());
            }
        }

        private void field(String field) {
            try {
                if (field.equals("metadata")) {
                    json.object(this::metadata);
                } else if (!body.field(field, json)) {
                    json.skip();
                }
            } catch (Malformed e) {
                complaint = complaint == null ? e : complaint;
                json.leave();
            }
        }

        private void metadata(String field) {
            switch (field) {
                case "name" -> name = json.text();
                case "namespace" -> namespace = json.sharedText();
                case "labels" -> labels = json.labels();
                default -> json.skip();
            }
        }
    }
}
