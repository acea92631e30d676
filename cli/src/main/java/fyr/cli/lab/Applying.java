package fyr.cli.lab;

import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifest;
import fyr.lab.cluster.Objects;
import java.util.List;

/** Applying manifests, for {@code up} and {@code apply}. */
final class Applying {

    private Applying() {}

    static int apply(WhichLab which, List<Manifest> manifests, String namespace) {
        try (ApiClient client = which.client()) {
            Objects.Outcome outcome = new Objects(client).apply(manifests, namespace, System.out::println);
            if (outcome.failed() == 0 && outcome.done() == 0) {
                System.out.println("nothing was applied");
            }
            return outcome.failed() == 0 && outcome.done() > 0 ? 0 : 1;
        }
    }
}
