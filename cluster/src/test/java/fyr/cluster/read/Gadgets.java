package fyr.cluster.read;

import fyr.cluster.protobuf.Schemas;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import java.util.Optional;
import java.util.function.Function;

/** A custom kind that only tests know; servers send custom kinds as JSON, so that no field of a protobuf message is wanted. */
public final class Gadgets {

    /** A path and a reader. */
    public static final Kind<NamespacedName, Gadget> KIND = new Kind<>(
            "Gadget",
            "/apis/made.up/v1/gadgets",
            Schemas.NAMESPACE,
            new ObjectReader<>(Function.identity(), Body::new));

    private Gadgets() {}

    /** What is read of one. */
    public record Gadget(String note) {}

    private static final class Body implements ObjectReader.Body<Gadget> {
        private String note = "";

        @Override
        public boolean field(String name, JsonCursor json) {
            if (name.equals("note")) {
                note = json.text();
                return true;
            }
            return false;
        }

        @Override
        public Optional<Gadget> finish(NamespacedName name, Labels labels, JsonCursor json) {
            return Optional.of(new Gadget(note));
        }
    }
}
