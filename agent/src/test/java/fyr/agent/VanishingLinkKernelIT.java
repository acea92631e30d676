package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.KernelEvent.Subject;
import fyr.kernel.KernelTable;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.pod.PodLink;
import fyr.kernel.reconciler.NodeReconciler;
import fyr.kernel.route.RouteKey;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.observation.Observation;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the real kernel answers when the link of a planned pod is gone. */
class VanishingLinkKernelIT {

    private static final Path HERE = Path.of("/proc/thread-self/ns/net");
    private static final NodeIdentity IDENTITY = new NodeIdentity(
            "node1",
            new HostLink("lo", 65536, List.of(Prefix.parse("192.0.2.0/24"))),
            NodeIdentity.Overlay.VXLAN,
            List.of(),
            List.of());
    private static final ClusterSketch CLUSTER =
            ClusterSketch.empty().node("node1", List.of("192.0.2.1"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"));

    private final List<Observation> seen = new ArrayList<>();
    private final LinuxKernel kernel = LinuxKernel.open();
    private final NodeReconciler reconciler = new NodeReconciler(kernel, seen::add);
    private final KernelPlan both = plan(1, 2);

    private static PodLink link(int number) {
        return new PodLink(
                "fyr" + number,
                "pod" + number,
                HERE,
                MacAddress.local(10 + number),
                MacAddress.local(number),
                1400,
                List.of(IpAddress.parse("10.244.1." + number), IpAddress.parse("fd00:10:244:1::" + number)));
    }

    private static KernelPlan plan(int... numbers) {
        PersistentMap<String, Attachment> pods = PersistentMap.empty();
        for (int number : numbers) {
            PodLink link = link(number);
            NamespacedName name = new NamespacedName("default", link.podName());
            pods = pods.with(
                    link.hostName(),
                    new Attachment(link.hostName(), "eth0", link.hostName(), link.podMac(), link.addresses(), name));
        }
        return Compiler.compile(
                        NodeInputs.of(IDENTITY).with(CLUSTER.snapshot()).withAttachments(pods), Optional.empty())
                .kernel();
    }

    @BeforeEach
    void attach() {
        kernel.podLinks().make(link(1)).close();
        kernel.podLinks().make(link(2)).close();
        assertThat(reconciler.reconcile(both)).as("%s", reconciler.refusal()).isTrue();
        seen.clear();
    }

    @AfterEach
    void close() {
        kernel.podLinks().existing().forEach(kernel.podLinks()::delete);
        clear(kernel.table(Tables.ROUTES));
        clear(kernel.table(Tables.LINKS));
        clear(kernel.table(Tables.NFT));
        kernel.close();
    }

    private static <K extends Comparable<? super K>, V> void clear(KernelTable<K, V> table) {
        table.apply(new Delta<>(new TreeMap<>(), new TreeSet<>(table.list().keySet())));
    }

    private Set<String> gone(Set<String> asked) {
        Set<String> pods = new TreeSet<>(Set.of("fyr1", "fyr2"));
        pods.retainAll(asked);
        pods.removeAll(kernel.podLinks().existing());
        return pods;
    }

    private List<String> troubles() {
        return seen.stream()
                .filter(each -> !(each instanceof Observation.Applied))
                .map(Observation::text)
                .toList();
    }

    @Test
    void whatIsRefusedForThatIsNotReportedAndTheDriftOfOthersIs() {
        kernel.podLinks().delete("fyr1");
        try (LinuxKernel other = LinuxKernel.open()) {
            RouteKey key = new RouteKey(Prefix.parse("10.244.1.2/32"));
            other.table(Tables.ROUTES).apply(new Delta<>(new TreeMap<>(), new TreeSet<>(Set.of(key))));
        }
        reconciler.note(Set.of(Subject.POD_LINK));
        assertThat(reconciler.reconcile(both, this::gone)).isFalse();
        assertThat(troubles()).isEmpty();
        assertThat(reconciler.reconcile(plan(2), this::gone)).isTrue();
        assertThat(troubles()).containsExactly("drift repaired: routes 10.244.1.2/32");
    }

    @Test
    void whoDoesNotSayThatItIsGoneIsTold() {
        kernel.podLinks().delete("fyr1");
        reconciler.note(Set.of(Subject.POD_LINK));
        assertThat(reconciler.reconcile(both)).isFalse();
        assertThat(troubles())
                .containsExactly(
                        "not applied: routes: RTM_NEWROUTE 10.244.1.1/32: there is no link fyr1, and 1 more failed",
                        "not applied: neighbours: RTM_NEWNEIGH 10.244.1.1 dev fyr1: there is no link fyr1, and 1 more failed");
    }
}
