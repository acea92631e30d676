package fyr.kernel.linux.namespace;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.NoLeaks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class NetworkNamespaceKernelIT {
    private static final Path FILE = Path.of("/run/netns/fresh");
    private static final Path OWN = Path.of("/proc/thread-self/ns/net");

    @AfterEach
    void delete() {
        NetworkNamespace.delete(FILE);
    }

    private static String own() {
        try {
            return Files.readSymbolicLink(OWN).toString();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void theActionIsInsideAndTheCallerStaysOutside() throws Exception {
        String before = own();
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            assertThat(namespace.call(NetworkNamespaceKernelIT::own)).isNotEqualTo(before);
            assertThat(own()).isEqualTo(before);
            // The witness enters the same namespace in another way: through the mounted file.
            assertThat(sh("nsenter --net=" + FILE + " readlink /proc/self/ns/net")
                            .strip())
                    .isEqualTo(namespace.call(NetworkNamespaceKernelIT::own));
        }
    }

    /** An agent in a container sees only the file, not the mount, of a namespace that was mounted after the agent started. */
    @Test
    void aFileThatIsNoNamespaceIsToldWithTheMend() throws IOException {
        Path plain = Files.createFile(Path.of("/run/netns/plain"));
        try (NetworkNamespace namespace = NetworkNamespace.open(plain)) {
            assertThatThrownBy(() -> namespace.run(() -> {}))
                    .hasMessageContaining("network namespace /run/netns/plain: the file is no network namespace")
                    .hasMessageContaining("mountPropagation HostToContainer")
                    .isInstanceOfSatisfying(
                            KernelException.class,
                            refused -> assertThat(refused.errno()).isEqualTo(Errno.EINVAL));
        } finally {
            Files.delete(plain);
        }
    }

    @Test
    void aProcessStartedWithinIsInside() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            assertThat(namespace.call(() -> sh("readlink /proc/self/ns/net")).strip())
                    .isEqualTo(namespace.call(NetworkNamespaceKernelIT::own));
            assertThat(namespace.call(() -> sh("ip -br link")))
                    .startsWith("lo ")
                    .hasLineCount(1);
        }
    }

    @Test
    void settingsFollowTheThread() throws Exception {
        Path forwarding = Path.of("/proc/sys/net/ipv4/ip_forward");
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            String outside = Files.readString(forwarding);
            namespace.call(() -> Files.writeString(forwarding, outside.startsWith("1") ? "0\n" : "1\n"));
            assertThat(Files.readString(forwarding)).isEqualTo(outside);
            assertThat(namespace.call(() -> Files.readString(forwarding))).isNotEqualTo(outside);
        }
    }

    @Test
    void currentIsWhereTheThreadIs() throws Exception {
        try (NetworkNamespace outside = NetworkNamespace.current();
                NetworkNamespace inside = NetworkNamespace.create(FILE)) {
            assertThat(inside.call(() -> outside.call(NetworkNamespaceKernelIT::own)))
                    .isEqualTo(own());
        }
    }

    /** The agent reads settings of its own namespace twice a second and must continue to do so when no thread can be created. */
    @Test
    void inItsOwnNamespaceTheCallerWorksItself() throws Exception {
        try (NetworkNamespace own = NetworkNamespace.current();
                NetworkNamespace other = NetworkNamespace.create(FILE)) {
            assertThat(own.call(Thread::currentThread)).isSameAs(Thread.currentThread());
            Thread caller = Thread.currentThread();
            own.run(() -> assertThat(Thread.currentThread()).isSameAs(caller));
            assertThat(other.call(Thread::currentThread)).isNotSameAs(Thread.currentThread());
            Thread.ofVirtual()
                    .start(() -> own.run(
                            () -> assertThat(Thread.currentThread().isVirtual()).isFalse()))
                    .join();
        }
    }

    @Test
    void exceptionsComeThrough() {
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            assertThatThrownBy(() -> namespace.call(() -> {
                        throw new IOException("as it was");
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("as it was");
        }
    }

    @Test
    void anExistingNamespaceIsNotHarmed() throws Exception {
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            String inside = namespace.call(NetworkNamespaceKernelIT::own);
            assertThatThrownBy(() -> NetworkNamespace.create(FILE))
                    .isInstanceOfSatisfying(
                            KernelException.class,
                            refused -> assertThat(refused.errno()).isEqualTo(Errno.EEXIST));
            assertThat(sh("nsenter --net=" + FILE + " readlink /proc/self/ns/net")
                            .strip())
                    .isEqualTo(inside);
        }
    }

    /** After a power failure of the machine the file remains, and nothing is mounted on it. */
    @Test
    void anEmptyFileIsTakenOver() throws Exception {
        Files.createFile(FILE);
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            assertThat(namespace.call(NetworkNamespaceKernelIT::own)).isNotEqualTo(own());
        }
    }

    @Test
    void deletingTwiceIsNoError() {
        NetworkNamespace.create(FILE).close();
        NetworkNamespace.delete(FILE);
        NetworkNamespace.delete(FILE);
        assertThat(FILE).doesNotExist();
        assertThatThrownBy(() -> NetworkNamespace.open(FILE))
                .isInstanceOfSatisfying(
                        KernelException.class,
                        refused -> assertThat(refused.errno()).isEqualTo(Errno.ENOENT));
    }

    @Test
    void aVirtualThreadMayCallAndIsNotMoved() throws Exception {
        String before = own();
        try (NetworkNamespace namespace = NetworkNamespace.create(FILE)) {
            Thread virtual = Thread.ofVirtual()
                    .start(() -> namespace.run(() -> assertThat(own()).isNotEqualTo(before)));
            virtual.join();
            assertThat(own()).isEqualTo(before);
        }
    }
}
