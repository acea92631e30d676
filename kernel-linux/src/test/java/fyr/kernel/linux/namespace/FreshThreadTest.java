package fyr.kernel.linux.namespace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import org.junit.jupiter.api.Test;

class FreshThreadTest {

    /** The stack is larger than any address space: pthread_create(3) fails as at a process limit, and the JDK throws the same error. */
    @Test
    void aThreadThatTheKernelDoesNotMakeIsARefusal() {
        assertThatThrownBy(() -> FreshThread.start(
                        Thread.ofPlatform().name("netns-web-1").stackSize(1L << 60), () -> {}))
                .hasMessageContainingAll("netns-web-1", "unable to create native thread")
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.EAGAIN));
    }
}
