package fyr.linux.libc;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test that leaves a {@link Descriptor} open, and shows where it was opened: {@code @ExtendWith(NoLeaks.class)}. */
public final class NoLeaks implements BeforeEachCallback, AfterEachCallback {

    private final Set<Descriptor> before = new HashSet<>();

    @Override
    public void beforeEach(ExtensionContext context) {
        before.clear();
        before.addAll(Descriptor.open());
    }

    @Override
    public void afterEach(ExtensionContext context) {
        for (Descriptor descriptor : Descriptor.open()) {
            if (!before.contains(descriptor)) {
                throw new AssertionError("left open: " + descriptor, descriptor.origin());
            }
        }
    }
}
