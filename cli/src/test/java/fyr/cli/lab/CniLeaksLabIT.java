package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two hundred pods attached and detached in parallel, as a runtime would, while the agent is killed: nothing is leaked or given out twice. */
class CniLeaksLabIT {

    private static final int PODS = 200;

    /**
     * Calls the executable of the node until it succeeds, as a runtime does; $1 is the command, $2 the number of the pod. The network
     * namespace of a pod is that of a process which sleeps.
     */
    private static final String CALL = """
            #!/bin/sh
            dir=%1$s
            netns=/proc/$(cat $dir/pid-$2)/ns/net
            for attempt in $(seq 1 100); do
              if sed -n 1p $dir/conf | env CNI_COMMAND=$1 CNI_CONTAINERID=leak-$2 CNI_NETNS=$netns CNI_IFNAME=eth0 CNI_PATH=%2$s \\
                   CNI_ARGS="IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=leak-$2" %2$s/fyr > $dir/$1-$2; then exit 0; fi
              grep -q '"code":11' $dir/$1-$2 || grep -q '"code":5' $dir/$1-$2 || { cat $dir/$1-$2; exit 1; }
              sleep 0.2
            done
            echo "$1 $2 never succeeded: $(cat $dir/$1-$2)"
            exit 1
            """;

    @Test
    void nothingIsLeakedOrGivenOutTwice() throws Exception {
        try (TestLab lab = TestLab.up("leaks", "--nodes", "2")) {
            Path node = lab.files().resolve("nodes/node1");
            Path work = Files.createDirectory(lab.files().resolve("leaks"));
            Files.writeString(work.resolve("conf"), "{\"cniVersion\":\"1.1.0\",\"name\":\"fyr\",\"type\":\"fyr\"}\n");
            Files.writeString(work.resolve("call"), CALL.formatted(work, node.resolve("bin")));
            String before = state(lab, node);

            // Sleepers for a while: they end with this process, as all that the lab's exec started.
            Process sleepers = lab.start(
                    "exec",
                    "--node",
                    "node1",
                    "--",
                    "sh",
                    "-c",
                    "for i in $(seq 1 " + PODS + "); do unshare -n sleep 300 & echo $! > " + work
                            + "/pid-$i; done; touch " + work + "/all; wait");
            while (!Files.exists(work.resolve("all"))) {
                assertThat(sleepers.isAlive()).as("the sleepers").isTrue();
                Thread.sleep(50);
            }
            Thread.sleep(500);
            everywhere(lab, work, "ADD", true);
            TreeSet<String> addresses = new TreeSet<>();
            for (int i = 1; i <= PODS; i++) {
                String answer = Files.readString(work.resolve("ADD-" + i));
                assertThat(addresses.add(lab.find("\"address\": *\"([0-9.]+)/", new TestLab.Result(0, answer))))
                        .as(answer)
                        .isTrue();
            }
            assertThat(lab.onNode("node1", "ip -o link show type veth | grep -c ' fyr'")
                            .output()
                            .strip())
                    .isEqualTo(Integer.toString(PODS));
            assertThat(files(node.resolve("state/attachments"))).hasSize(PODS);

            everywhere(lab, work, "DEL", true);
            String after = state(lab, node);
            for (int i = 0; i < 100 && !after.equals(before); i++) {
                Thread.sleep(100); // DELs that were queued while the agent was away
                after = state(lab, node);
            }
            assertThat(after).isEqualTo(before);
            sleepers.destroy();
        }
    }

    private static void everywhere(TestLab lab, Path work, String command, boolean kill) throws Exception {
        long began = System.nanoTime();
        Process all = lab.start(
                "exec",
                "--node",
                "node1",
                "--",
                "sh",
                "-c",
                "seq 1 " + PODS + " | xargs -P 20 -n 1 sh " + work + "/call " + command);
        for (int i = 0; kill && i < 2; i++) {
            Thread.sleep(300);
            lab.lab("agent", "kill", "node1").succeeded();
            lab.lab("agent", "start", "node1").succeeded();
        }
        TestLab.finish(all).succeeded();
        System.out.println(PODS + " times " + command + ", the agent killed twice in between: "
                + (System.nanoTime() - began) / 1_000_000 + " ms");
    }

    private static List<String> files(Path directory) throws Exception {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static String state(TestLab lab, Path node) throws Exception {
        return files(node.resolve("state/attachments")) + "\n" + files(node.resolve("state/pending")) + "\n"
                + lab.onNode(
                                "node1",
                                "ip -o link show type veth | grep -c ' fyr'; ip route show proto 171 | sort; ip -6 route show proto 171 | sort; ip neigh show nud permanent")
                        .output();
    }
}
