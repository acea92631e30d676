package fyr.bench;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Objects as large as those of real clusters: nodes with the 50 images that kubelets report by default (KubeletConfiguration,
 * nodeStatusMaxImages), pods of two containers with probes, conditions and statuses.
 */
final class ApiObjects {

    private static final int IMAGES = 50;
    private static final int APPLICATIONS = 2000;

    private ApiObjects() {}

    static String nodeName(int number) {
        return String.format(Locale.ROOT, "node-%05d.bench", number);
    }

    static String node(int number) {
        return """
            {"apiVersion":"v1","kind":"Node","metadata":{"name":"%1$s","labels":{"kubernetes.io/hostname":"%1$s","kubernetes.io/os":"linux",
            "kubernetes.io/arch":"amd64","topology.kubernetes.io/zone":"zone-%2$d","topology.kubernetes.io/region":"here",
            "node.kubernetes.io/instance-type":"large"},"annotations":{"volumes.kubernetes.io/controller-managed-attach-detach":"true"}},
            "spec":{"podCIDR":"%3$s","podCIDRs":["%3$s"],"providerID":"bench:///zone-%2$d/%1$s"},"status":%4$s}""".formatted(nodeName(number), number % 3, block(number), status(number, 0));
    }

    private static String block(int number) {
        return "10." + (128 + number / 256) + "." + number % 256 + ".0/24";
    }

    /** The status at a kubelet's next report: the same except for the time. */
    static String status(int number, int beat) {
        String conditions = IntStream.range(0, 4)
                .mapToObj(i -> """
                    {"type":"%s","status":"%s","lastHeartbeatTime":"2026-01-01T00:%02d:%02dZ","lastTransitionTime":"2026-01-01T00:00:00Z",
                    "reason":"KubeletHasSufficientOfThis","message":"kubelet has sufficient of what this condition is about"}""".formatted(
                                new String[] {"MemoryPressure", "DiskPressure", "PIDPressure", "Ready"}[i],
                                i == 3 ? "True" : "False",
                                beat / 60 % 60,
                                beat % 60))
                .collect(Collectors.joining(","));
        return """
            {"capacity":{"cpu":"32","memory":"131072Mi","pods":"110","ephemeral-storage":"500Gi"},
            "allocatable":{"cpu":"31","memory":"129024Mi","pods":"110","ephemeral-storage":"450Gi"},
            "conditions":[%s],"addresses":[{"type":"InternalIP","address":"172.%d.%d.%d"},{"type":"Hostname","address":"%s"}],
            "nodeInfo":{"machineID":"%2$032d","systemUUID":"%2$032d","bootID":"%2$032d","kernelVersion":"6.12.0","osImage":"Debian GNU/Linux 13",
            "containerRuntimeVersion":"containerd://2.4.2","kubeletVersion":"v1.37.2","kubeProxyVersion":"","operatingSystem":"linux","architecture":"amd64"},
            "images":[%6$s]}""".formatted(
                conditions, 16 + number / 65536, number / 256 % 256, number % 256, nodeName(number), images(number));
    }

    /** Most nodes have most images in common, like those of a real cluster. */
    private static String images(int number) {
        return IntStream.range(0, IMAGES)
                .map(i -> i < 40 ? i : i + number % 10 * IMAGES)
                .mapToObj(i -> """
                    {"names":["registry.example.com/platform/team-%1$d/application-%1$d@sha256:%2$s","registry.example.com/platform/team-%1$d/application-%1$d:v1.%1$d.0"],
                    "sizeBytes":%3$d}""".formatted(i, digest(i), 40_000_000 + i))
                .collect(Collectors.joining(","));
    }

    private static String digest(int seed) {
        java.util.Random random = new java.util.Random(seed);
        return IntStream.range(0, 64)
                .mapToObj(i -> Integer.toHexString(random.nextInt(16)))
                .collect(Collectors.joining());
    }

    /** Refers to pods, in the namespace of the first node's pods. */
    static String policy() {
        return """
            {"apiVersion":"networking.k8s.io/v1","kind":"NetworkPolicy","metadata":{"name":"peers"},
            "spec":{"podSelector":{},"ingress":[{"from":[{"podSelector":{}}]}]}}""";
    }

    static String namespaceName(int pod, int namespaces) {
        return "team-" + pod % APPLICATIONS % namespaces;
    }

    static String podName(int number) {
        int application = number % APPLICATIONS;
        return "application-" + application + "-5f6d8c7b9d-" + Integer.toString(number, 36);
    }

    static String pod(int number, int nodes) {
        int application = number % APPLICATIONS;
        return """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%1$s","labels":{"app.kubernetes.io/name":"application-%2$d",
            "app.kubernetes.io/part-of":"system-%3$d","tier":"%4$s","pod-template-hash":"5f6d8c7b9d"},
            "annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"9090","checksum/config":"%5$s"}},
            "spec":{"nodeName":"%6$s","serviceAccountName":"default","containers":[%7$s,%8$s],
            "tolerations":[{"key":"node.kubernetes.io/not-ready","operator":"Exists","effect":"NoExecute","tolerationSeconds":300},
            {"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":300}],
            "volumes":[{"name":"config","configMap":{"name":"application-%2$d"}},{"name":"scratch","emptyDir":{}}]}}""".formatted(
                        podName(number),
                        application,
                        application % 50,
                        application % 3 == 0 ? "web" : application % 3 == 1 ? "logic" : "data",
                        digest(application),
                        nodeName(number % nodes),
                        container("main", application, 8080),
                        container("sidecar", application + 1, 9090));
    }

    private static String container(String name, int application, int port) {
        return """
            {"name":"%s","image":"registry.example.com/platform/team-%2$d/application-%2$d:v1.%2$d.0","ports":[{"name":"%1$s","containerPort":%3$d}],
            "env":[{"name":"POD_IP","valueFrom":{"fieldRef":{"fieldPath":"status.podIP"}}},{"name":"LOG_LEVEL","value":"info"},
            {"name":"ENDPOINT","value":"http://application-%2$d.team.svc.cluster.local:8080"}],
            "resources":{"requests":{"cpu":"100m","memory":"128Mi"},"limits":{"memory":"256Mi"}},
            "readinessProbe":{"httpGet":{"path":"/ready","port":%3$d},"periodSeconds":10},"livenessProbe":{"httpGet":{"path":"/alive","port":%3$d}},
            "volumeMounts":[{"name":"config","mountPath":"/etc/application"},{"name":"scratch","mountPath":"/tmp"}]}""".formatted(name, application, port);
    }

    static String podStatus(int number) {
        String address = "10." + (128 + number / 65536) + "." + number / 256 % 256 + "." + number % 256;
        String conditions = java.util.stream.Stream.of(
                        "PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
                .map(type -> "{\"type\":\"" + type
                        + "\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-01T00:00:00Z\"}")
                .collect(Collectors.joining(","));
        return """
            {"status":{"phase":"Running","conditions":[%s],"hostIP":"172.16.0.1","hostIPs":[{"ip":"172.16.0.1"}],"podIP":"%2$s","podIPs":[{"ip":"%2$s"}],
            "startTime":"2026-01-01T00:00:00Z","containerStatuses":[%3$s,%4$s]}}""".formatted(conditions, address, containerStatus("main", number), containerStatus("sidecar", number));
    }

    private static String containerStatus(String name, int number) {
        return """
            {"name":"%s","state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"lastState":{},"ready":true,"restartCount":0,"started":true,
            "image":"registry.example.com/platform/application:v1","imageID":"registry.example.com/platform/application@sha256:%s",
            "containerID":"containerd://%s"}""".formatted(name, digest(number % 100), digest(number % 100 + 100));
    }
}
