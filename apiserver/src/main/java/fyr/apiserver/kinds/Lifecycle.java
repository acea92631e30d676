package fyr.apiserver.kinds;

import fyr.apiserver.object.Fault;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the server does beyond storing when objects of a kind come, change and go. Every method is called under the lock of the store; what is not overridden
 * does nothing.
 */
public interface Lifecycle {
    /** Of kinds that are only stored. */
    Lifecycle NONE = new Lifecycle() {};

    /** Adapts in place the next form of an object, of which either the status has changed or the rest, before it is checked. */
    default void changing(ObjectNode before, ObjectNode after) {}

    /** Completes in place an object that is about to be stored, with a look at others; the status is not part of the change. */
    default void admit(Others others, Optional<ObjectNode> before, ObjectNode after, List<Fault> faults) {}

    /** An object has been stored. */
    default void stored(Others others, Optional<ObjectNode> before, ObjectNode after) {}

    /** Why the object may not be deleted; empty when it may. */
    default Optional<String> kept(ObjectNode object) {
        return Optional.empty();
    }

    /** How many seconds the object stays after its deletion, if the request asks for this many. */
    default long grace(Others others, ObjectNode object, Optional<Long> asked) {
        return 0;
    }

    /** Whether the object is marked first, and removed when {@link #empty} says so. */
    default boolean contains() {
        return false;
    }

    /** The object has just been marked; deletes what it contains. */
    default void leaving(Others others, ObjectNode object) {}

    /** What the mark changes besides the metadata, in place. */
    default void marked(ObjectNode object) {}

    /** Whether nothing is left in the object. */
    default boolean empty(Others others, ObjectNode object) {
        return true;
    }

    /** The object is gone. */
    default void gone(Others others, ObjectNode object) {}
}
