package fyr.kernel.linux.libc;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * For every test that uses the kernel: {@code @ExtendWith(NoLeaks.class)}. Fails a test that leaves a {@link Descriptor} open and shows
 * where it was opened. Refuses to start unless build/netns/bin/java started the JVM, because tests must not use the machine's own network.
 */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {

    private final Set<Descriptor> before = new HashSet<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        if (System.getenv("FYR_OWN_NAMESPACE") == null) {
            throw new IllegalStateException(
                    "not in a namespace of its own: run kernel tests by build/netns/bin/java, without -Dit.test");
        }
        begin();
    }

    void begin() {
        before.clear();
        before.addAll(Descriptor.open());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end();
    }

    void end() {
        for (Descriptor descriptor : Descriptor.open()) {
            if (!before.contains(descriptor)) {
                throw new AssertionError("left open: " + descriptor, descriptor.origin());
            }
        }
    }
}
