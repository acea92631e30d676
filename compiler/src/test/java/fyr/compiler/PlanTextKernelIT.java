package fyr.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.Delta;
import fyr.kernel.Tables;
import fyr.kernel.link.HostLink;
import fyr.kernel.linux.LinuxKernel;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.text.NftText;
import fyr.model.Attachment;
import fyr.model.NamespacedName;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** nft reads the text of a plan, and the kernel then holds what the text says. */
class PlanTextKernelIT {

    /**
     * Keys with the result of a lookup, a random number or a port of the original direction: the kernel has them, and nft has no syntax. For
     * ranges behind exact fields, nft adds an expression that changes the byte order of nothing.
     */
    private static final Pattern BEYOND_NFT =
            Pattern.compile(" map @\\S+ [.@]|\\. (numgen random|ct original proto-dst)|ip6? saddr != @allowed-sources");

    @Test
    void nftReadsTheText() throws Exception {
        // Set by build/netns/bin/java; the machine's own tables must not be used for tests.
        assertThat(System.getenv("FYR_OWN_NAMESPACE")).as("FYR_OWN_NAMESPACE").isNotNull();
        String text = withoutComments(NftText.tables(plan().sorted()));
        assertThat(text.lines().filter(line -> BEYOND_NFT.matcher(line).find()).count())
                .as("rules that nft cannot read")
                .isPositive();
        String readable = text.lines()
                .filter(line -> !BEYOND_NFT.matcher(line).find())
                .collect(Collectors.joining("\n", "", "\n"));
        try (LinuxKernel kernel = LinuxKernel.open()) {
            nft(readable);
            SortedMap<NftKey, NftObject> there = kernel.table(Tables.NFT).list();
            assertThat(NftText.tables(there)).isEqualTo(readable);
            kernel.table(Tables.NFT).apply(Delta.between(there, PersistentMap.empty()));
        }
    }

    private static PersistentMap<NftKey, NftObject> plan() {
        ClusterSketch cluster = ClusterSketch.empty()
                .node("node1", List.of("172.18.0.11"), List.of("10.244.1.0/24", "fd00:10:244:1::/64"))
                .node("node2", List.of("172.19.0.12"), List.of("10.244.2.0/24", "fd00:10:244:2::/64"))
                .service("web", 80, 30080, "10.96.0.1", "fd00:10:96::1")
                .endpoints("web", Family.IPV4, 8080, "10.244.1.5", "10.244.2.5")
                .endpoints("web", Family.IPV6, 8080, "fd00:10:244:2::5");
        NodeIdentity node1 = new NodeIdentity(
                "node1",
                new HostLink("eth0", 1500, List.of(Prefix.parse("172.18.0.0/24"))),
                Overlay.AUTO,
                List.of(IpAddress.parse("10.96.0.10")),
                List.of());
        Attachment pod = new Attachment(
                "c5",
                "eth0",
                "fyr000000000005",
                MacAddress.local(5),
                List.of(IpAddress.parse("10.244.1.5"), IpAddress.parse("fd00:10:244:1::5")),
                new NamespacedName("default", "pod5"));
        return Compiler.compile(
                        NodeInputs.of(node1)
                                .with(cluster.snapshot())
                                .withAttachments(PersistentMap.of(Map.of("c5/eth0", pod))),
                        Optional.empty())
                .kernel()
                .table(Tables.NFT);
    }

    private static String withoutComments(String text) {
        return text.lines().filter(line -> !line.strip().startsWith("#")).collect(Collectors.joining("\n", "", "\n"));
    }

    private static void nft(String commands) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("nft", "-f", "-").redirectErrorStream(true).start();
        process.getOutputStream().write(commands.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
