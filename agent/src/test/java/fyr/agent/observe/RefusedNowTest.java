package fyr.agent.observe;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.model.observation.Objection;
import fyr.model.observation.Observation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tests what {@code /metrics} shows of objects that are not implemented as written. */
class RefusedNowTest {

    private final Metrics metrics = new Metrics();

    private void refused(Objection objection, String kind, String name, String field) {
        metrics.count(new Observation.ObjectRefused(objection, kind, name, field, "why"));
    }

    private void accepted(Objection objection, String kind, String name, String field) {
        metrics.count(new Observation.ObjectAccepted(objection, kind, name, field));
    }

    private List<String> shown(String gauge) {
        return new String(metrics.text(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(gauge + "{"))
                .toList();
    }

    private static String line(String gauge, String kind, String name, String field) {
        return gauge + "{field=\"" + field + "\",kind=\"" + kind + "\",name=\"" + name + "\"} 1.0";
    }

    @Test
    void whatIsNotSupportedYetHidesNoNode() {
        for (int i = 0; i < 200; i++) {
            refused(Objection.UNSUPPORTED, "Service", "shop/" + i, "spec.sessionAffinity");
        }
        refused(Objection.CONTESTED, "Node", "liar", "spec.podCIDRs[0]");
        assertThat(shown("fyr_object_refused"))
                .containsExactly(line("fyr_object_refused", "Node", "liar", "spec.podCIDRs[0]"));
        assertThat(shown("fyr_object_unsupported")).hasSize(RefusedNow.MOST);
    }

    @Test
    void aPlaceThatBecomesFreeIsTakenByTheNext() {
        for (int i = 0; i < 150; i++) {
            refused(Objection.UNREADABLE, "Pod", "shop/" + i, "status.podIPs[0]");
        }
        for (int i = 0; i < 100; i++) {
            accepted(Objection.UNREADABLE, "Pod", "shop/" + i, "status.podIPs[0]");
        }
        assertThat(shown("fyr_object_refused"))
                .hasSize(50)
                .contains(line("fyr_object_refused", "Pod", "shop/149", "status.podIPs[0]"));
    }

    @Test
    void oneSourceDoesNotTakeBackWhatAnotherSaid() {
        refused(Objection.UNREADABLE, "Node", "liar", "spec.podCIDRs[0]");
        refused(Objection.CONTESTED, "Node", "liar", "spec.podCIDRs[0]");
        refused(Objection.CONTESTED, "Node", "liar", "spec.podCIDRs[0]"); // the same objection in other words
        accepted(Objection.CONTESTED, "Node", "liar", "spec.podCIDRs[0]");
        assertThat(shown("fyr_object_refused")).hasSize(1);
        accepted(Objection.UNREADABLE, "Node", "liar", "spec.podCIDRs[0]");
        assertThat(shown("fyr_object_refused")).isEmpty();
    }

    @Test
    void whatIsRememberedHasABound() {
        for (int i = 0; i < RefusedNow.REMEMBERED + 50; i++) {
            refused(Objection.UNREADABLE, "Pod", "shop/" + i, "status.podIPs[0]");
        }
        for (int i = 0; i < RefusedNow.REMEMBERED - 10; i++) {
            accepted(Objection.UNREADABLE, "Pod", "shop/" + i, "status.podIPs[0]");
        }
        assertThat(shown("fyr_object_refused")).hasSize(10);
    }
}
