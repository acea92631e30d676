package fyr.cluster.watch;

import fyr.model.observation.Observation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** What is wrong with objects of one kind, each said once however often it is heard, also over lists that are tried again. */
final class Complaints<K> {

    private final String kind;
    private final Consumer<Observation> observer;
    private final Map<K, String> said = new HashMap<>();

    Complaints(String kind, Consumer<Observation> observer) {
        this.kind = kind;
        this.observer = observer;
    }

    void about(K key, String field, String what) {
        String text = field + ": " + what;
        if (!text.equals(said.put(key, text))) {
            observer.accept(new Observation.ObjectRefused(kind, key.toString(), field, what));
        }
    }

    /** What becomes of an object that must not simply be left out, for people: a NetworkPolicy. */
    static String notEnforced(Optional<?> standIn) {
        return "; not enforced as written: what it said before stays or, if that is not known, "
                + (standIn.isPresent() ? "its pods are isolated without exceptions" : "it isolates nobody");
    }

    /** The object is as it should be, or gone: what is wrong next is said again. */
    void none(K key) {
        said.remove(key);
    }

    /** The same for all but these. */
    void only(Set<K> keys) {
        said.keySet().retainAll(keys);
    }
}
