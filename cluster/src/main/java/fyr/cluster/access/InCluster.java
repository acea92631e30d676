package fyr.cluster.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The service account that Kubernetes mounts into every pod ("Accessing the Kubernetes API from a Pod"): host and port from the
 * environment, token and certificate authority from files that kubelet keeps fresh.
 */
public record InCluster(Path folder, Map<String, String> environment) implements AccessSource {

    private static final Path STANDARD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    static InCluster standard() {
        return new InCluster(STANDARD, System.getenv());
    }

    /** Whether this process runs in a pod of a cluster. */
    public static boolean here() {
        return System.getenv("KUBERNETES_SERVICE_HOST") != null;
    }

    @Override
    public Access read() {
        String host = variable("KUBERNETES_SERVICE_HOST");
        String port = variable("KUBERNETES_SERVICE_PORT");
        String authority = host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
        Path ca = folder.resolve("ca.crt");
        Tls tls = new Tls(
                Optional.of(new PemSource(ca.toString(), PemSource.file(ca))),
                false,
                Optional.empty(),
                Optional.empty());
        return new Access(
                URI.create("https://" + authority), Optional.of(tls), new Token.InFile(folder.resolve("token")));
    }

    private String variable(String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new AccessException(
                    "environment", name + " is not set: not in a pod; give a kubeconfig file instead");
        }
        return value;
    }
}
