package fyr.cluster.access;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The service account that Kubernetes mounts into every pod ("Accessing the Kubernetes API from a Pod"): host and port from the
 * environment, token and certificate authority from files that kubelet keeps fresh.
 *
 * @param server {@code HOST:PORT} instead of the environment's, which is a virtual address that somebody must serve first; its certificate
 *     must be for this host, as always
 */
public record InCluster(Path folder, Map<String, String> environment, Optional<String> server) implements AccessSource {

    private static final Path STANDARD = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    static InCluster standard(Optional<String> server) {
        return new InCluster(STANDARD, System.getenv(), server);
    }

    @Override
    public String advice() {
        return server.isPresent()
                ? ""
                : "; this is the virtual address of Service default/kubernetes, which leads nowhere before somebody serves it on"
                        + " this node: give the API server's own address with --api-server";
    }

    @Override
    public Access read() {
        String authority = server.orElseGet(this::fromEnvironment);
        Path ca = folder.resolve("ca.crt");
        Tls tls = new Tls(
                Optional.of(new PemSource(ca.toString(), PemSource.file(ca))),
                false,
                Optional.empty(),
                Optional.empty());
        return new Access(
                URI.create("https://" + authority), Optional.of(tls), new Token.InFile(folder.resolve("token")));
    }

    private String fromEnvironment() {
        String host = variable("KUBERNETES_SERVICE_HOST");
        String port = variable("KUBERNETES_SERVICE_PORT");
        return host.indexOf(':') >= 0 ? "[" + host + "]:" + port : host + ":" + port;
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
