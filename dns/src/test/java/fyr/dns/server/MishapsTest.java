package fyr.dns.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MishapsTest {

    @Test
    void areToldOfOnceAMinute() {
        AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5); // a nanoTime may overflow
        List<String> log = new ArrayList<>();
        Mishaps mishaps = new Mishaps(now::get, log::add);
        for (int i = 0; i < 1000; i++) {
            mishaps.note("a DNS query went unanswered", new IOException("Invalid argument"));
        }
        assertThat(log).containsExactly("a DNS query went unanswered: java.io.IOException: Invalid argument");
        now.addAndGet(TimeUnit.MINUTES.toNanos(1));
        mishaps.note("a DNS query went unanswered", new IOException("again"));
        assertThat(log).hasSize(2);
        assertThat(log.getLast()).contains("again").contains("(and 999 times such things since");
    }
}
