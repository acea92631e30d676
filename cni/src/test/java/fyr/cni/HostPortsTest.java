package fyr.cni;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.cni.protocol.CniAnswer;
import fyr.model.Attachment;
import fyr.model.HostPort;
import fyr.model.Protocol;
import fyr.model.address.IpAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Host ports from the runtime's request to what the rest of the agent hears, and who has one that two pods ask for. */
class HostPortsTest {

    private static final HostPort WEB = new HostPort(Optional.empty(), Protocol.TCP, 8080, 80);

    @TempDir
    private Path directory = Path.of("");

    private World world;

    @BeforeEach
    void world() {
        world = new World(directory);
    }

    private CniAnswer add(String container, String... mappings) {
        world.namespace(container);
        return world.call("ADD", container, configuration(mappings));
    }

    private static String configuration(String... mappings) {
        return World.CONFIGURATION.replaceFirst(
                "}$", ",\"runtimeConfig\":{\"portMappings\":[" + String.join(",", mappings) + "]}}");
    }

    private static String mapping(int hostPort, int containerPort, String protocol, String hostIp) {
        return "{\"hostPort\":%d,\"containerPort\":%d,\"protocol\":\"%s\",\"hostIP\":\"%s\"}"
                .formatted(hostPort, containerPort, protocol, hostIp);
    }

    private List<HostPort> heard(String container) {
        return world.heard.get(container + "/eth0").map(Attachment::hostPorts).orElseThrow();
    }

    @Test
    void theAgentHearsOfHostPortsAlsoAfterARestart() {
        assertThat(add("web", mapping(8080, 80, "tcp", ""), mapping(53, 5353, "udp", "2001:db8::1"))
                        .status())
                .isZero();
        List<HostPort> both =
                List.of(WEB, new HostPort(Optional.of(IpAddress.parse("2001:db8::1")), Protocol.UDP, 53, 5353));
        assertThat(heard("web")).isEqualTo(both);
        world.start();
        assertThat(heard("web")).isEqualTo(both);
        assertThat(world.call("DEL", "web").status()).isZero();
        world.start();
        assertThat(world.heard.isEmpty()).isTrue();
    }

    @Test
    void aHostPortBelongsToThePodThatWasFirst() {
        add("web-0", mapping(8080, 80, "tcp", ""));
        List<String> files = world.stateFiles();
        for (String hostIp : List.of("", "0.0.0.0", "::")) {
            CniAnswer refused = add("web-1", mapping(9090, 90, "tcp", ""), mapping(8080, 80, "tcp", hostIp));
            assertThat(World.code(refused)).isEqualTo(104);
            assertThat(refused.text()).contains(":8080/TCP belongs to pod shop/web-0 (web-0/eth0)");
        }
        assertThat(world.stateFiles()).isEqualTo(files);
        assertThat(world.heard.sorted().keySet()).containsExactly("web-0/eth0");
        world.start();
        assertThat(World.code(add("web-1", mapping(8080, 80, "tcp", ""))))
                .as("after a restart")
                .isEqualTo(104);
        world.call("DEL", "web-0");
        assertThat(add("web-1", mapping(8080, 80, "tcp", "")).status()).isZero();
    }

    /** Each refused ADD took addresses: the block of 16 would be used up. */
    @Test
    void aRefusedPodTakesNoAddress() {
        add("web-0", mapping(8080, 80, "tcp", ""));
        for (int i = 0; i < 30; i++) {
            assertThat(World.code(add("other-" + i, mapping(8080, 80, "tcp", ""))))
                    .isEqualTo(104);
        }
        assertThat(add("last").status()).isZero();
    }

    @Test
    void oneNumberMayBelongToPodsWithDifferentAddressesOrProtocols() {
        assertThat(add("a", mapping(8080, 80, "tcp", "192.0.2.1")).status()).isZero();
        assertThat(add("b", mapping(8080, 80, "tcp", "192.0.2.2")).status()).isZero();
        assertThat(add("c", mapping(8080, 80, "tcp", "0.0.0.0")).status()).isZero();
        assertThat(add("d", mapping(8080, 80, "tcp", "::")).status()).isZero();
        assertThat(add("e", mapping(8080, 80, "udp", "")).status()).isZero();
        assertThat(add("f", mapping(8080, 80, "sctp", "")).status()).isZero();
        assertThat(World.code(add("g", mapping(8080, 80, "tcp", "192.0.2.2")))).isEqualTo(104);
    }

    @Test
    void theSameAddAgainGivesTheSameResultAndAnotherOneTheNewPorts() {
        String first = add("web", mapping(8080, 80, "tcp", "")).text();
        assertThat(add("web", mapping(8080, 80, "tcp", "")).text()).isEqualTo(first);
        assertThat(add("web", mapping(9090, 80, "tcp", "")).status()).isZero();
        assertThat(heard("web")).containsExactly(new HostPort(Optional.empty(), Protocol.TCP, 9090, 80));
        assertThat(add("other", mapping(8080, 80, "tcp", "")).status()).isZero();
    }

    @Test
    void ofManyPodsAtOnceOneGetsThePort() throws Exception {
        List<Future<CniAnswer>> answers = new ArrayList<>();
        try (ExecutorService runtime = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 8; i++) {
                String container = "web-" + i;
                answers.add(runtime.submit(() -> add(container, mapping(8080, 80, "tcp", ""))));
            }
        }
        List<Integer> codes = new ArrayList<>();
        for (Future<CniAnswer> answer : answers) {
            codes.add(World.code(answer.get()));
        }
        assertThat(codes).containsExactlyInAnyOrder(0, 104, 104, 104, 104, 104, 104, 104);
    }
}
