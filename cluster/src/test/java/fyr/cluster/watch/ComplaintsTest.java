package fyr.cluster.watch;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cluster.read.Fault;
import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ComplaintsTest {

    private final List<Observation> told = new ArrayList<>();
    private final Complaints<String> complaints = new Complaints<>("Service", told::add);

    @Test
    void whatIsObjectedToInAnotherWayIsTakenBackFirst() {
        complaints.about("web", List.of(new Fault(Objection.UNSUPPORTED, "spec.externalIPs", "not yet")));
        told.clear();
        complaints.about("web", "spec.externalIPs", "must be an array");
        assertThat(told)
                .containsExactly(
                        new Observation.ObjectAccepted(Objection.UNSUPPORTED, "Service", "web", "spec.externalIPs"),
                        new Observation.ObjectRefused(
                                Objection.UNREADABLE, "Service", "web", "spec.externalIPs", "must be an array"));
        complaints.about("web", "spec.externalIPs", "must be an object");
        complaints.none("web");
        assertThat(told).hasSize(4).last().isInstanceOf(Observation.ObjectAccepted.class);
    }
}
