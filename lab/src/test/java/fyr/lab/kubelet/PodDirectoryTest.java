package fyr.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import fyr.lab.world.Topology;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class PodDirectoryTest {

    @TempDir
    private Path folder = Path.of("");

    private static PodFacts pod(String uid) {
        return new PodFacts(new JsonMapper()
                .readTree("{\"metadata\":{\"namespace\":\"n\",\"name\":\"web-0\",\"uid\":\"" + uid + "\"}}"));
    }

    /** This happens when a pod of a StatefulSet is force-deleted: its successor starts elsewhere before the old pod is cleaned up. */
    @Test
    void theNextPodOfTheNameKeepsItsFiles() {
        KubeletSettings settings = new KubeletSettings(
                Topology.of(1, 1).places().getFirst(),
                folder,
                folder.resolve("pods"),
                folder,
                List.of(),
                "cluster.local",
                List.of());
        PodDirectory.write(pod("old"), List.of(), settings, Path.of("/run/netns/old"));
        PodDirectory.write(pod("new"), List.of(), settings, Path.of("/run/netns/new"));
        PodDirectory.remove(pod("old"), settings);
        assertThat(folder.resolve("pods/n/web-0/netns")).hasContent("/run/netns/new");
        PodDirectory.remove(pod("new"), settings);
        assertThat(folder.resolve("pods/n/web-0")).doesNotExist();
        PodDirectory.remove(pod("new"), settings);
    }
}
