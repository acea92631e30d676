package fyr.kernel.linux;

import static fyr.kernel.linux.Witness.sh;
import static org.assertj.core.api.Assertions.assertThat;

import fyr.kernel.Delta;
import fyr.kernel.Kernel;
import fyr.kernel.KernelEvent;
import fyr.kernel.Tables;
import fyr.kernel.link.SysctlKey;
import fyr.kernel.linux.libc.NoLeaks;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.model.address.Family;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
final class LinuxKernelKernelIT {

    @Test
    void isTheNamespaceThatItWasOpenedIn() throws Exception {
        Path file = Path.of("/run/netns/kernel-of-node");
        var heard = new LinkedBlockingQueue<KernelEvent>();
        try (NetworkNamespace node = NetworkNamespace.create(file);
                Kernel kernel = node.call(LinuxKernel::open);
                AutoCloseable subscription = kernel.subscribe(heard::add)) {
            assertThat(subscription).isNotNull();
            assertThat(kernel.table(Tables.LINKS).list()).isEmpty();
            assertThat(kernel.table(Tables.ROUTES).list()).isEmpty();
            assertThat(kernel.podLinks().hostEnds()).isEmpty();
            assertThat(kernel.conntrack().delete(17, _ -> true)).isZero();
            NftKey table = new NftKey.TableKey(Family.IPV6);
            kernel.table(Tables.NFT)
                    .apply(new Delta<>(new TreeMap<>(Map.of(table, new NftObject.Table())), new TreeSet<>()));
            assertThat(sh("ip netns exec kernel-of-node nft list tables")).isEqualTo("table ip6 fyr\n");
            SysctlKey forward = new SysctlKey("net/ipv4/ip_forward");
            kernel.table(Tables.SYSCTLS).apply(new Delta<>(new TreeMap<>(Map.of(forward, "1")), new TreeSet<>()));
            assertThat(kernel.table(Tables.SYSCTLS).list()).containsEntry(forward, "1");
            heard.clear();
            sh("ip netns exec kernel-of-node nft delete table ip6 fyr; ip -n kernel-of-node link add other7 type veth");
            Set<KernelEvent.Subject> subjects = new HashSet<>();
            while (!subjects.containsAll(Set.of(KernelEvent.Subject.NFT, KernelEvent.Subject.LINK))) {
                KernelEvent event = heard.poll(5, TimeUnit.SECONDS);
                assertThat(event).as("after events of %s", subjects).isNotNull();
                switch (event) {
                    case KernelEvent.Changed changed -> subjects.add(changed.subject());
                    case KernelEvent.EntriesChanged<?> _ -> subjects.add(KernelEvent.Subject.NFT);
                    case KernelEvent.PodLinkDown _, KernelEvent.Overrun _ -> throw new AssertionError(event);
                }
            }
        } finally {
            NetworkNamespace.delete(file);
        }
    }

    /** A thread in another namespace than its process must not start threads: they would be in that namespace, too. */
    @Test
    void listenersAreCalledInTheNamespaceOfTheSubscriber() throws Exception {
        Path file = Path.of("/run/netns/kernel-of-node");
        var where = new LinkedBlockingQueue<Path>();
        Path here = ownNamespace();
        try (NetworkNamespace node = NetworkNamespace.create(file);
                Kernel kernel = node.call(LinuxKernel::open);
                AutoCloseable subscription = kernel.subscribe(_ -> where.add(ownNamespace()))) {
            assertThat(subscription).isNotNull();
            sh("ip -n kernel-of-node link add other7 type veth");
            assertThat(where.poll(5, TimeUnit.SECONDS)).isEqualTo(here);
        } finally {
            NetworkNamespace.delete(file);
        }
    }

    private static Path ownNamespace() {
        try {
            return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
