package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.cluster.client.ApiException;
import fyr.cluster.client.Patch;
import fyr.lab.cluster.LabException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Switches pods between ready and not ready, by the annotation that the lab's kubelets obey. */
record Readiness(WhichLab which, String namespace) {

    /** Writes the annotation, or removes it, and prints a line for each pod. */
    void set(List<String> words, boolean ready) {
        String value = ready ? "null" : "\"false\"";
        byte[] patch =
                ("{\"metadata\":{\"annotations\":{\"fyr.dev/ready\":" + value + "}}}").getBytes(StandardCharsets.UTF_8);
        for (String word : words) {
            for (String pod : RunningPod.all(which, namespace, word)) {
                set(pod, patch);
                System.out.println("pod/" + pod + (ready ? " is ready when its probes say so" : " is not ready"));
            }
        }
    }

    private void set(String pod, byte[] patch) {
        try (ApiClient client = which.client()) {
            client.patch("/api/v1/namespaces/" + namespace + "/pods/" + pod, Patch.MERGE, patch);
        } catch (ApiException refused) {
            throw new LabException(String.valueOf(refused.getMessage()));
        }
    }
}
