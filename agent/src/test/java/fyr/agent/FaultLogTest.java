package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FaultLogTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<String> lines = new ArrayList<>();
    private long now = -5 * SECOND; // System.nanoTime may be negative
    private final FaultLog faults = new FaultLog(new Lines(), () -> now, "no look");

    private final class Lines implements System.Logger {

        @Override
        public String getName() {
            return "test";
        }

        @Override
        public boolean isLoggable(Level level) {
            return true;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
            lines.add(level + " " + message + (thrown == null ? "" : " with a trace"));
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... parameters) {
            lines.add(level + " " + format);
        }
    }

    private static KernelException refusal(Errno errno) {
        return new KernelException("GET", errno, "");
    }

    @Test
    void whatFailsTwiceASecondIsSaidOnceAMinute() {
        for (int i = 0; i < 240; i++) {
            faults.failed(refusal(i % 2 == 0 ? Errno.EINTR : Errno.EBUSY));
            now += SECOND / 2;
        }
        assertThat(lines)
                .containsExactly(
                        "WARNING no look: GET: EINTR",
                        "WARNING no look: GET: EINTR (and 119 times since this was said last)");
    }

    @Test
    void itsEndIsSaid() {
        faults.succeeded();
        faults.failed(new IllegalStateException("a defect"));
        faults.succeeded();
        faults.succeeded();
        assertThat(lines).containsExactly("ERROR no look: a defect with a trace", "INFO no look: that is over");
    }

    @Test
    void whatComesAndGoesIsSaidNoMoreOften() {
        for (int i = 0; i < 60; i++) {
            faults.failed(refusal(Errno.EINTR));
            now += SECOND / 2;
            faults.succeeded();
            now += SECOND / 2;
        }
        assertThat(lines).hasSize(2);
    }
}
