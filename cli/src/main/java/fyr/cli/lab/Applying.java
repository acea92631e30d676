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
            return new Objects(client)
                                    .apply(manifests, namespace, System.out::println)
                                    .failed()
                            == 0
                    ? 0
                    : 1;
        }
    }
}
