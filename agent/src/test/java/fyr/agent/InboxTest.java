package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.KernelEvent;
import fyr.kernel.KernelEvent.Subject;
import fyr.model.ClusterSnapshot;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class InboxTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final Inbox inbox = new Inbox();

    @Test
    void aBatchHoldsAllThatArrivedAndTheNextNothingOfIt() throws Exception {
        ClusterSnapshot snapshot = ClusterSnapshot.empty();
        inbox.snapshot(snapshot);
        inbox.event(new KernelEvent.Overrun());
        Inbox.Batch batch = inbox.take(LONG);
        assertThat(batch.snapshot).containsSame(snapshot);
        assertThat(batch.news.overrun()).isTrue();
        Inbox.Batch empty = inbox.take(Duration.ofMillis(1));
        assertThat(empty.snapshot).isEmpty();
        assertThat(empty.news.isEmpty()).isTrue();
    }

    @Test
    void aFloodOfEventsIsNoMoreThanItsSubjects() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            String link = "fyr" + i % 3;
            inbox.event(new KernelEvent.Changed(Subject.ROUTE, true, "10.0.0.0/24"));
            inbox.event(new KernelEvent.PodLinkDown(link));
        }
        KernelNews news = inbox.take(LONG).news;
        assertThat(news.changed()).containsExactly(Subject.ROUTE);
        assertThat(news.podLinksDown()).containsExactly("fyr0", "fyr1", "fyr2");
        assertThat(news.concernsUplink()).isFalse();
    }

    @Test
    void whoWaitsIsWokenByAnArrival() throws Exception {
        Thread later = Thread.ofPlatform().start(() -> inbox.event(new KernelEvent.Overrun()));
        assertThat(inbox.take(LONG).news.overrun()).isTrue();
        later.join();
    }
}
