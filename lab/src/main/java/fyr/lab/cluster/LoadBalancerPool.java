package fyr.lab.cluster;

import fyr.cluster.client.ApiClient;
import fyr.cluster.manifest.Manifest;
import fyr.cluster.manifest.Manifests;
import fyr.model.address.Prefix;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The AddressPool of a lab, whose addresses its agents assign to LoadBalancer Services and announce. */
final class LoadBalancerPool {

    private static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    private static final String POOLS = "/apis/fyr.dev/v1alpha1/addresspools";

    private LoadBalancerPool() {}

    /**
     * Makes the kind and the pool {@code lab}, unless they are there.
     *
     * @param definition the file with the kind's definition
     */
    static void create(ApiClient client, Path definition, List<Prefix> addresses) throws InterruptedException {
        for (Manifest manifest : Manifests.read(definition)) {
            FirstObjects.create(client, DEFINITIONS, manifest.json());
        }
        FirstObjects.create(client, POOLS, object(addresses).getBytes(StandardCharsets.UTF_8));
    }

    private static String object(List<Prefix> addresses) {
        String quoted = addresses.stream().map(prefix -> "\"" + prefix + "\"").collect(Collectors.joining(","));
        return """
                {"apiVersion":"fyr.dev/v1alpha1","kind":"AddressPool","metadata":{"name":"lab"},
                 "spec":{"addresses":[%s],"avoidBuggyIPs":true}}
                """.formatted(quoted);
    }
}
