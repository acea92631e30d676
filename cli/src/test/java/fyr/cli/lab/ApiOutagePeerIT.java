package fyr.cli.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * The same with the API server and the controllers of Kubernetes. After some 50 s without a word from a node, the node controller marks its
 * pods as not ready; a kubelet has to report them again, and the Service has to have its endpoints again.
 */
class ApiOutagePeerIT {

    private static final int SECURE_PORT = 6443;
    private static final Duration OUTAGE = Duration.ofSeconds(80);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @Test
    void podsAreReadyAgainAfterTheNodeControllerMarkedThem() throws Exception {
        try (TestLab lab = TestLab.up("peeroutage", "--nodes", "2", "--control-plane", "kubernetes")) {
            OutageCluster cluster = OutageCluster.of(lab, "breaks", "first", "second");
            cluster.await(Duration.ofSeconds(60), "breaks", "first", "second");
            ApiOutage outage = new ApiOutage(lab, SECURE_PORT);
            Instant began = Instant.now();
            outage.begin(ApiOutage.Kind.REFUSED);
            try {
                cluster.mute("breaks");
                Thread.sleep(OUTAGE);
                assertThat(cluster.answering()).as("in the outage").contains("first", "second");
            } finally {
                outage.end();
            }
            Duration taken = cluster.await(PATIENCE, "first", "second");
            System.out.println("outage: all true after " + taken.toMillis() + " ms");
            for (String pod : new String[] {"first", "second"}) {
                assertThat(cluster.readySince(pod))
                        .as("the node controller had marked %s", pod)
                        .isAfter(began.plusSeconds(40));
            }
        }
    }
}
