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
    void aRetryIsNoFullLook() {
        agenda.failed();
        assertThat(agenda.left()).isEqualTo(Agenda.FIRST_RETRY);
        pass(agenda.left());
        assertThat(agenda.left()).isEqualTo(Duration.ZERO);
        assertThat(agenda.takeFullLook()).isFalse();
        assertThat(agenda.hasFailed()).isTrue();
        agenda.succeeded();
        assertThat(agenda.hasFailed()).isFalse();
        assertThat(agenda.left()).isEqualTo(Agenda.FULL_LOOK.minus(Agenda.FIRST_RETRY));
    }

    @Test
    void retriesBecomeRarerUntilThereIsHope() {
        for (int i = 0; i < 20; i++) {
            agenda.failed();
        }
        assertThat(agenda.left()).isEqualTo(Agenda.LAST_RETRY);
        agenda.hopeAgain();
        agenda.failed();
        assertThat(agenda.left()).isEqualTo(Agenda.FIRST_RETRY);
    }
}
