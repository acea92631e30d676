package fyr.agent.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UncaughtErrorsTest {

    @Test
    void errorsEndTheProcessOnAnyKindOfThreadAndExceptionsDoNot() throws Exception {
        AtomicInteger ended = new AtomicInteger();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler(new UncaughtErrors(ended::incrementAndGet));
        try {
            for (Thread.Builder threads : new Thread.Builder[] {Thread.ofVirtual(), Thread.ofPlatform()}) {
                ended.set(0);
                threads.start(() -> {
                            throw new IllegalStateException("one query went wrong");
                        })
                        .join();
                assertThat(ended).hasValue(0);
                threads.start(() -> {
                            throw new StackOverflowError();
                        })
                        .join();
                assertThat(ended).hasValue(1);
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }
}
