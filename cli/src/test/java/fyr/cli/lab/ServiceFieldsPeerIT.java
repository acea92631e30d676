package fyr.cli.lab;

import org.junit.jupiter.api.Test;

/** What {@link ServiceFieldsLabIT} expects of zones and hints is what the controllers of Kubernetes do. */
class ServiceFieldsPeerIT {

    @Test
    void theControllersOfKubernetesGiveTheSameHints() throws Exception {
        try (TestLab lab = TestLab.up("peerfields", "--nodes", "3", "--zones", "2", "--control-plane", "kubernetes")) {
            ServiceEndpoints.in(lab).awaitHints();
        }
    }
}
