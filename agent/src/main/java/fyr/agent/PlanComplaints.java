package fyr.agent;

import fyr.compiler.NodePlan;
import fyr.model.NamespacedName;
import fyr.model.observation.Complaint;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Reports what plans leave out and why, each thing once for as long as it is left out. Used by one thread. */
final class PlanComplaints {

    private final Consumer<Observation> observer;
    private List<PersistentMap<String, List<Complaint>>> contested = List.of();
    private PersistentMap<NamespacedName, List<Complaint>> unsupported = PersistentMap.empty();

    PlanComplaints(Consumer<Observation> observer) {
        this.observer = observer;
    }

    void follow(NodePlan plan) {
        List<PersistentMap<String, List<Complaint>>> now = plan.complaints();
        for (int i = 0; i < now.size(); i++) {
            tell(Objection.CONTESTED, i < contested.size() ? contested.get(i) : PersistentMap.empty(), now.get(i));
        }
        contested = now;
        tell(Objection.UNSUPPORTED, unsupported, plan.shortfalls());
        unsupported = plan.shortfalls();
    }

    private <K> void tell(
            Objection objection, PersistentMap<K, List<Complaint>> told, PersistentMap<K, List<Complaint>> now) {
        now.differences(
                told,
                (_, before, after) -> tell(
                        objection,
                        Optional.ofNullable(before).orElse(List.of()),
                        Optional.ofNullable(after).orElse(List.of())));
    }

    private void tell(Objection objection, List<Complaint> before, List<Complaint> after) {
        before.stream()
                .filter(old ->
                        after.stream().noneMatch(current -> current.field().equals(old.field())))
                .forEach(old -> observer.accept(
                        new Observation.ObjectAccepted(objection, old.kind(), old.name(), old.field())));
        after.stream()
                .filter(current -> !before.contains(current))
                .forEach(current -> observer.accept(new Observation.ObjectRefused(
                        objection, current.kind(), current.name(), current.field(), current.what())));
    }
}
