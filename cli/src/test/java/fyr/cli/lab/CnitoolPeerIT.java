package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The CNI executable driven by cnitool of containernetworking, and with bad requests by hand (CNI specification 1.1.0). */
class CnitoolPeerIT {

    private static final Path PEERS = Optional.ofNullable(System.getenv("FYR_PEERS"))
            .filter(folder -> !folder.isEmpty())
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache/fyr-peers"));

    /** libcni keeps results under /var/lib/cni: of this script's own here. */
    private static final String PRELUDE = """
            mount -t tmpfs none /var/lib || exit 90
            export CNI_PATH=%1$s/bin NETCONFPATH=%1$s/conf PATH=$PATH:/usr/sbin:/sbin
            export CNI_ARGS='IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=tool'
            unshare -n sleep 60 >/dev/null 2>&1 & pod=$!
            trap 'kill $pod 2>/dev/null' EXIT
            while [ "$(readlink /proc/$pod/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
            netns=/proc/$pod/ns/net
            tool=%2$s/cnitool
            conf='{"cniVersion":"1.1.0","name":"fyr","type":"fyr"}'
            call() { # COMMAND CONTAINER NETNS CONFIGURATION
              printf '%%s' "$4" | env CNI_COMMAND=$1 CNI_CONTAINERID=$2 CNI_NETNS=$3 CNI_IFNAME=eth0 CNI_PATH=$CNI_PATH $CNI_PATH/fyr
              echo "status=$?"
            }
            """;

    @Test
    void everyCommandDoesWhatTheSpecificationSays() throws Exception {
        assertThat(PEERS.resolve("cnitool"))
                .as("made by: scripts/peers cnitool")
                .isExecutable();
        try (TestLab lab = TestLab.up("cnitool", "--nodes", "1")) {
            Path node = lab.files().resolve("nodes/node1");
            String prelude = PRELUDE.formatted(node, PEERS);
            TestLab.Result tool = lab.onNode("node1", prelude + """
                    $tool add fyr $netns || exit 1
                    nsenter --net=$netns ip -o addr show dev eth0 | grep -q 'inet 10.244' || exit 2
                    ping -c1 -W2 $(nsenter --net=$netns ip -o -4 addr show dev eth0 | sed 's/.*inet \\([0-9.]*\\).*/\\1/') >/dev/null || exit 3
                    $tool check fyr $netns || exit 4
                    nsenter --net=$netns ip addr flush dev eth0
                    $tool check fyr $netns && exit 5
                    $tool status fyr $netns || exit 6
                    $tool del fyr $netns || exit 7
                    $tool del fyr $netns || exit 8
                    nsenter --net=$netns ip link show eth0 2>/dev/null && exit 9
                    $tool add fyr $netns >/dev/null || exit 10
                    kill -9 $pod; wait $pod 2>/dev/null
                    $tool del fyr $netns || exit 11
                    ip -o link show type veth | grep ' fyr' && exit 12
                    ls -A %s/state/attachments | grep . && exit 13
                    exit 0
                    """.formatted(node));
            assertThat(tool.status()).as(tool.output()).isZero();

            TestLab.Result calls = lab.onNode("node1", prelude + """
                    echo "version: $(call VERSION '' '' "$conf")"
                    echo "no container: $(call ADD '' $netns "$conf")"
                    echo "bad container: $(call ADD ../etc $netns "$conf")"
                    echo "no namespace: $(call ADD c1 '' "$conf")"
                    echo "absent namespace: $(call ADD c1 /absent "$conf")"
                    echo "not json: $(call ADD c1 $netns '{')"
                    echo "old version: $(call ADD c1 $netns '{"cniVersion":"0.2.0","name":"fyr","type":"fyr"}')"
                    echo "unknown command: $(call FROBNICATE c1 $netns "$conf")"
                    echo "check of nothing: $(call CHECK c1 $netns "$conf")"
                    echo "del without namespace: $(call DEL c1 '' "$conf")"
                    call ADD keep $netns "$conf" >/dev/null
                    echo "gc that keeps: $(call GC '' '' '{"cniVersion":"1.1.0","name":"fyr","type":"fyr","cni.dev/valid-attachments":[{"containerID":"keep","ifname":"eth0"}]}')"
                    ls %1$s/state/attachments | sed 's/^/left: /'
                    echo "gc: $(call GC '' '' '{"cniVersion":"1.1.0","name":"fyr","type":"fyr","cni.dev/valid-attachments":[]}')"
                    echo "after: $(ls %1$s/state/attachments | wc -l)"
                    """.formatted(node));
            assertThat(calls.output()
                            .replaceAll("\\s*\\n\\s*(?=status=)", " ")
                            .replaceAll("(?<=[{,\\[])\\s*\\n\\s*", ""))
                    .containsPattern("version: .*\"supportedVersions\".*1.1.0.*status=0")
                    .containsPattern("no container: .*\"code\":4.*status=1")
                    .containsPattern("bad container: .*\"code\":4.*status=1")
                    .containsPattern("no namespace: .*\"code\":4.*status=1")
                    .containsPattern("absent namespace: .*\"code\":8.*status=1")
                    .containsPattern("not json: .*\"code\":6.*status=1")
                    .containsPattern("old version: .*\"code\":1.*status=1")
                    .containsPattern("unknown command: .*\"code\":4.*status=1")
                    .containsPattern("check of nothing: .*\"code\":(3|103).*status=1")
                    .containsPattern("del without namespace: .*status=0")
                    .containsPattern("gc that keeps: .*status=0")
                    .contains("left: fyr", "after: 0");

            lab.lab("agent", "kill", "node1").succeeded();
            TestLab.Result away = lab.onNode("node1", prelude + """
                    echo "status: $(call STATUS '' '' "$conf")"
                    echo "add: $(call ADD c2 $netns "$conf")"
                    echo "del: $(call DEL c2 $netns "$conf")"
                    echo "version: $(call VERSION '' '' "$conf")"
                    """);
            assertThat(away.output().replaceAll("\\s*\\n\\s*(?=status=)", " "))
                    .containsPattern("status: .*\"code\":(11|50).*status=1")
                    .containsPattern("add: .*\"code\":11.*status=1")
                    .containsPattern("del: .*status=0")
                    .containsPattern("version: .*status=0");
            assertThat(Files.list(node.resolve("state/pending"))).hasSize(1);
        }
    }
}
