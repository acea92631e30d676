package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5); // System.nanoTime() may overflow
    private final Agenda agenda = new Agenda(clock::get);

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void everythingIsLookedAtEveryFiveMinutesHoweverBusyTheLoopIs() {
        int looks = 0;
        for (int second = 0; second < 3600; second++) {
            pass(Duration.ofSeconds(1));
            looks += agenda.takeFullLook() ? 1 : 0;
            agenda.succeeded();
        }
        assertThat(looks).isEqualTo(12);
    }

    @Test
    void twiceASecondIsTimeForAGlanceAndNotForARound() {
        int glances = 0;
        for (int second = 0; second < 60; second++) {
            pass(agenda.left());
            glances += agenda.takeGlance() ? 1 : 0;
            assertThat(agenda.isDue()).isFalse();
        }
        assertThat(glances).isEqualTo(60);
        assertThat(agenda.left()).isEqualTo(Agenda.GLANCE);
    }

    @Test
    void aRetryIsNoFullLook() {
        agenda.failed();
        assertThat(agenda.left()).isEqualTo(Agenda.FIRST_RETRY);
        pass(agenda.left());
        assertThat(agenda.left()).isEqualTo(Duration.ZERO);
        assertThat(agenda.takeFullLook()).isFalse();
        assertThat(agenda.hasFailed()).isTrue();
        agenda.succeeded();
        assertThat(agenda.hasFailed()).isFalse();
        assertThat(agenda.left()).isEqualTo(Agenda.GLANCE.minus(Agenda.FIRST_RETRY));
    }

    @Test
    void retriesBecomeRarerUntilThereIsHope() {
        for (int i = 0; i < 20; i++) {
            agenda.failed();
        }
        pass(Agenda.LAST_RETRY.minusNanos(1));
        assertThat(agenda.isDue()).isFalse();
        pass(Duration.ofNanos(1));
        assertThat(agenda.isDue()).isTrue();
        assertThat(agenda.takeGlance()).isTrue();
        agenda.resetBackOff();
        agenda.failed();
        assertThat(agenda.left()).isEqualTo(Agenda.FIRST_RETRY);
    }
}
