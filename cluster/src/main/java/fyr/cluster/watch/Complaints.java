package fyr.cluster.watch;

import fyr.cluster.read.Fault;
import fyr.model.observation.Observation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The problems of objects of one kind, each reported once however often it is received, also over lists that are retried. */
final class Complaints<K> {

    private final String kind;
    private final Consumer<Observation> observer;
    private final Map<K, List<Fault>> said = new HashMap<>();

    Complaints(String kind, Consumer<Observation> observer) {
        this.kind = kind;
        this.observer = observer;
    }

    void about(K key, String field, String what) {
        about(key, List.of(new Fault(field, what)));
    }

    void about(K key, List<Fault> faults) {
        tell(key, Optional.ofNullable(said.put(key, faults)).orElse(List.of()), faults);
    }

    private void tell(K key, List<Fault> before, List<Fault> now) {
        before.stream()
                .filter(old -> now.stream().noneMatch(old::isOfSameField))
                .forEach(old -> observer.accept(
                        new Observation.ObjectAccepted(old.objection(), kind, key.toString(), old.field())));
        now.stream()
                .filter(fault -> !before.contains(fault))
                .forEach(fault -> observer.accept(new Observation.ObjectRefused(
                        fault.objection(), kind, key.toString(), fault.field(), fault.what())));
    }

    /** What happens with an object that must not simply be left out, for people: a NetworkPolicy. */
    static String notEnforced(Optional<?> standIn) {
        return "; not enforced as written: what it said before stays or, if that is not known, "
                + (standIn.isPresent() ? "its pods are isolated without exceptions" : "it isolates nobody");
    }

    /** The object is correct now, or gone: its next problem is reported again. */
    void none(K key) {
        tell(key, Optional.ofNullable(said.remove(key)).orElse(List.of()), List.of());
    }

    /** The same for all objects except these. */
    void only(Set<K> keys) {
        List.copyOf(said.keySet()).stream().filter(key -> !keys.contains(key)).forEach(this::none);
    }
}
