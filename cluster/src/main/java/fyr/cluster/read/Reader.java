package fyr.cluster.read;

/** Reads one kind of object; the cursor stands at the object's start, and afterwards at its end. */
@FunctionalInterface
public interface Reader<K, V> {

    /** Reads the object; never throws for what an object says, only for what is not JSON. */
    Reading<K, V> read(JsonCursor json);
}
