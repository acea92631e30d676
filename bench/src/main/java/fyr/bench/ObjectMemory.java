package fyr.bench;

import fyr.bench.figures.Figure;
import fyr.bench.figures.Report;
import fyr.cluster.read.Kind;
import fyr.cluster.read.KindReader;
import fyr.cluster.read.Reading;
import fyr.model.persistent.PersistentMap;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How much memory an agent needs for each object that it knows, in maps as in a snapshot and read from JSON as from an API server. The JSON
 * has only fields that readers read; nothing remains of others.
 */
final class ObjectMemory {

    /** As many as a cluster of Kubernetes may have. */
    private static final int NODES = 5000;

    private static final int ENDPOINTS_OF_A_SLICE = 50;

    private ObjectMemory() {}

    static void measure(Report report, int pods, int endpoints) {
        report.add(Figure.number(
                "memory of a pod, " + pods + " on " + NODES + " nodes",
                (double) growth(Kind.POD, pods, ObjectMemory::pod) / pods,
                "B",
                "one family, four labels, two ports"));
        int slices = Math.ceilDiv(endpoints, ENDPOINTS_OF_A_SLICE);
        report.add(Figure.number(
                "memory of an endpoint, " + slices * ENDPOINTS_OF_A_SLICE + " on " + NODES + " nodes",
                (double) growth(Kind.ENDPOINT_SLICE, slices, ObjectMemory::slice) / (slices * ENDPOINTS_OF_A_SLICE),
                "B",
                ENDPOINTS_OF_A_SLICE + " in a slice, with node and zone"));
    }

    private static <K, V> long growth(Kind<K, V> kind, int objects, IntFunction<String> json) {
        long before = used();
        KindReader<K, V> reader = new KindReader<>(kind);
        PersistentMap<K, V> all = PersistentMap.empty();
        for (int i = 0; i < objects; i++) {
            Reading<K, V> reading = reader.one(json.apply(i).getBytes(StandardCharsets.UTF_8));
            if (!(reading instanceof Reading.Valid<K, V>(K key, V value))) {
                throw new IllegalStateException("not read: " + reading);
            }
            all = all.with(key, value);
        }
        long after = used();
        if (all.size() != objects) {
            throw new IllegalStateException(objects + " objects became " + all.size());
        }
        Reference.reachabilityFence(reader);
        return after - before;
    }

    private static long used() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** A server lists objects by name, so nodes come in no order. */
    private static int node(int number) {
        return Math.floorMod(number * 0x9e3779b9 >>> 7, NODES);
    }

    private static String pod(int number) {
        int application = number % 2000;
        return """
            {"metadata":{"name":"%s","namespace":"%s","uid":"%s","labels":{"app.kubernetes.io/name":"application-%d",
            "app.kubernetes.io/part-of":"system-%d","tier":"web","pod-template-hash":"5f6d8c7b9d"}},
            "spec":{"nodeName":"%s","containers":[{"ports":[{"name":"main","containerPort":8080}]},{"ports":[{"name":"sidecar","containerPort":9090}]}]},
            "status":{"phase":"Running","podIPs":[{"ip":"%s"}]}}""".formatted(
                        ApiObjects.podName(number),
                        ApiObjects.namespaceName(number, 100),
                        new UUID(number, number),
                        application,
                        application % 50,
                        ApiObjects.nodeName(node(number)),
                        address(number));
    }

    private static String slice(int number) {
        int first = number * ENDPOINTS_OF_A_SLICE;
        String endpoints = IntStream.range(first, first + ENDPOINTS_OF_A_SLICE)
                .mapToObj(ObjectMemory::endpoint)
                .collect(Collectors.joining(","));
        return """
            {"metadata":{"name":"application-%1$d-x7k2p","namespace":"%2$s","labels":{"kubernetes.io/service-name":"application-%1$d"}},
            "addressType":"IPv4","ports":[{"name":"http","protocol":"TCP","port":8080}],"endpoints":[%3$s]}""".formatted(number, ApiObjects.namespaceName(number, 100), endpoints);
    }

    private static String endpoint(int number) {
        int node = node(number);
        return """
            {"addresses":["%s"],"conditions":{"ready":true,"serving":true,"terminating":false},"nodeName":"%s","zone":"zone-%d"}""".formatted(address(number), ApiObjects.nodeName(node), node % 3);
    }

    private static String address(int number) {
        return "10." + (128 + number / 65536) + "." + number / 256 % 256 + "." + number % 256;
    }
}
