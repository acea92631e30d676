package fyr.agent.balancer;

import fyr.model.balancer.Condition;
import fyr.model.observation.Complaint;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Reports which Services do not get the addresses that they ask for, and what is wrong with pools, each thing once. Used by one thread. */
final class AssignmentComplaints {

    private final Consumer<Observation> observer;
    private Map<String, Complaint> told = Map.of();

    AssignmentComplaints(Consumer<Observation> observer) {
        this.observer = observer;
    }

    void follow(Assignments assignments) {
        Map<String, Complaint> now = new HashMap<>();
        assignments
                .services()
                .forEach((name, assignment) -> assignment
                        .condition()
                        .filter(condition -> !condition.message().isEmpty())
                        .ifPresent(condition -> add(
                                now,
                                new Complaint("Service", name.toString(), "status.loadBalancer", text(condition)))));
        assignments
                .pools()
                .forEach((name, status) -> status.conditions().stream()
                        .filter(Condition::holds)
                        .forEach(condition -> add(
                                now,
                                new Complaint(
                                        "AddressPool",
                                        name,
                                        "status.conditions." + condition.type(),
                                        text(condition)))));
        tell(now);
    }

    private static String text(Condition condition) {
        return condition.reason() + ": " + condition.message();
    }

    private static void add(Map<String, Complaint> all, Complaint one) {
        all.put(one.object() + " " + one.field(), one);
    }

    /** Another agent speaks from now on. */
    void withdraw() {
        tell(Map.of());
    }

    private void tell(Map<String, Complaint> now) {
        told.forEach((key, old) -> {
            if (!now.containsKey(key)) {
                observer.accept(
                        new Observation.ObjectAccepted(Objection.UNASSIGNED, old.kind(), old.name(), old.field()));
            }
        });
        now.forEach((key, one) -> {
            if (!one.equals(told.get(key))) {
                observer.accept(new Observation.ObjectRefused(
                        Objection.UNASSIGNED, one.kind(), one.name(), one.field(), one.what()));
            }
        });
        told = now;
    }
}
