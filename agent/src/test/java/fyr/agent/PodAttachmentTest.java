package fyr.agent;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.compiler.Compiler;
import fyr.compiler.NodePlan;
import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeIdentity.Overlay;
import fyr.compiler.feature.NodeInputs;
import fyr.kernel.pod.ExpectedPodLink;
import fyr.kernel.pod.PodLink;
import fyr.kernel.pod.PodLinks;
import fyr.model.address.IpAddress;
import fyr.testkit.ClusterSketch;
import fyr.testkit.FakeKernel;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consequences of the loop's rounds for the container runtime, requested through the socket as by the executable. */
class PodAttachmentTest {

    @TempDir
    Path directory;

    private PodAttachment pods;

    /** A kernel that makes every link. */
    private static final class Willing implements PodLinks {
        @Override
        public PodEnd make(PodLink link) {
            return new PodEnd() {
                @Override
                public void configure() {}

                @Override
                public void close() {}
            };
        }

        @Override
        public void delete(String hostName) {}

        @Override
        public List<String> check(ExpectedPodLink expected) {
            return List.of();
        }

        @Override
        public SortedMap<String, Boolean> hostEnds() {
            return new TreeMap<>();
        }

        @Override
        public Set<String> existing() {
            return Set.of();
        }

        @Override
        public boolean setUp(String hostName) {
            return true;
        }
    }

    @BeforeEach
    void start() {
        pods = PodAttachment.start(
                Options.under(directory),
                new Willing(),
                new FlowsInMemory(new ArrayList<>()),
                (all, _) -> CompletableFuture.completedFuture(all),
                _ -> {});
    }

    @AfterEach
    void stop() throws IOException {
        pods.close();
    }

    private static NodePlan plan() {
        var snapshot = ClusterSketch.empty()
                .node("node1", List.of("192.0.2.11"), List.of("10.244.1.0/24"))
                .snapshot();
        var uplink = new FakeKernel()
                .hostLinks()
                .withAddress(IpAddress.parse("192.0.2.11"))
                .orElseThrow();
        return Compiler.compile(
                NodeInputs.of(new NodeIdentity("node1", uplink, Overlay.AUTO, List.of(), List.of()))
                        .with(snapshot),
                Optional.empty());
    }

    private String ask(String command) throws IOException {
        byte[] environment = ("CNI_COMMAND=" + command
                        + "\0CNI_CONTAINERID=c1\0CNI_IFNAME=eth0\0CNI_NETNS=/run/netns/x\0")
                .getBytes(StandardCharsets.UTF_8);
        byte[] configuration =
                "{\"cniVersion\":\"1.1.0\",\"name\":\"fyr\",\"type\":\"fyr\"}".getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(request);
        data.writeBytes("FYR1");
        data.writeInt(environment.length);
        data.writeInt(configuration.length);
        data.write(environment);
        data.write(configuration);
        try (SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.connect(UnixDomainSocketAddress.of(directory.resolve("run/cni.sock")));
            socket.write(ByteBuffer.wrap(request.toByteArray()));
            return new String(Channels.newInputStream(socket).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private void eventually(String command, String part) throws Exception {
        String answer = ask(command);
        for (int i = 0; i < 200 && !answer.contains(part); i++) {
            Thread.sleep(20);
            answer = ask(command);
        }
        assertThat(answer).contains(part);
    }

    @Test
    void podsAreAttachedAsTheLoopFares() throws Exception {
        assertThat(ask("ADD")).contains("\"code\":11").contains("the agent is starting");
        pods.follow(new Round.PartlyApplied(plan(), "nft: no", Optional.of("nft: no")));
        eventually("STATUS", "\"code\":51");
        assertThat(ask("STATUS")).contains("nft: no");
        assertThat(directory.resolve("net.d/10-fyr.conflist"))
                .as("the network is not ready")
                .doesNotExist();
        assertThat(ask("ADD")).contains("10.244.1.1/32");

        pods.follow(new Round.Applied(plan()));
        for (int i = 0; i < 200 && pods.readiness() instanceof Readiness.NotReady; i++) {
            Thread.sleep(20);
        }
        assertThat(pods.readiness()).isEqualTo(new Readiness.Ready());
        assertThat(directory.resolve("net.d/10-fyr.conflist")).exists();
        assertThat(ask("STATUS")).startsWith("FYR1\0\0\0\0");

        pods.follow(new Round.Failed("a defect"));
        eventually("STATUS", "a defect");
        pods.follow(new Round.NoPlan("the cluster has no Node 'node1'"));
        eventually("STATUS", "\"code\":50");
        assertThat(ask("ADD")).contains("\"code\":11").contains("the cluster has no Node 'node1'");
        pods.follow(new Round.Applied(plan()));
        eventually("STATUS", "FYR1\0\0\0\0");
    }

    /** Otherwise one bad Node object would make every node of the cluster not ready. */
    @Test
    void whatTheKernelRefusesOfOthersIsNotToldToTheRuntime() throws Exception {
        pods.follow(new Round.PartlyApplied(plan(), "routes: of another node", Optional.empty()));
        eventually("STATUS", "FYR1\0\0\0\0");
        assertThat(ask("ADD")).contains("10.244.1.1/32");
        for (int i = 0; i < 200 && pods.readiness() instanceof Readiness.NotReady; i++) {
            Thread.sleep(20);
        }
        assertThat(directory.resolve("net.d/10-fyr.conflist")).exists();
    }

    @Test
    void whatIsClosedLetsAnotherAgentHaveTheState() throws Exception {
        pods.close();
        pods.follow(new Round.Applied(plan())); // the loop ends a little later
        start();
        assertThat(Files.exists(directory.resolve("run/cni.sock"))).isTrue();
    }
}
