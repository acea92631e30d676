package fyr.lab.cluster;

import fyr.apiserver.ApiServer;
import fyr.apiserver.ClusterRanges;
import fyr.apiserver.KubeconfigText;
import fyr.apiserver.ServerCertificate;
import fyr.apiserver.Settings;
import fyr.apiserver.controller.Controllers;
import fyr.apiserver.controller.DirectClient;
import fyr.apiserver.http.ApiToken;
import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.store.Registry;
import fyr.lab.world.Topology;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The API server and the controllers of a lab. */
sealed interface ControlPlane permits ControlPlane.Embedded, RealControlPlane {

    static ControlPlane of(LabOptions options, LabDirectory directory, int port) {
        return switch (options.controlPlane()) {
            case EMBEDDED ->
                new Embedded(
                        directory,
                        port,
                        switch (options.families()) {
                            case DUAL -> Settings.LAB;
                            case IPV4 -> Settings.IPV4_LAB;
                        });
            case KUBERNETES -> new RealControlPlane(directory, port);
        };
    }

    /** Writes how to reach the server: by its address within the lab, and by the machine's loopback. To be called before {@link #start}. */
    void writeKubeconfigs(IpAddress inside, String loopbackPort);

    /** Starts it; the server answers when this returns. Returns the objects of a server that is in this process. */
    Optional<Registry> start();

    /** Creates a file with a secret atomically, readable only by its owner. */
    static void write(Path file, String text) {
        try {
            Path fresh = file.resolveSibling(file.getFileName() + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(fresh, text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The ones of this project, in this process. */
    record Embedded(LabDirectory directory, int port, Settings settings, ApiToken token, ServerCertificate certificate)
            implements ControlPlane {

        /** Without TLS, for the many clients inside the lab: agents and kubelets. */
        private static final int PLAIN_PORT = 8080;

        Embedded(LabDirectory directory, int port, Settings settings) {
            this(
                    directory,
                    port,
                    settings,
                    ApiToken.fresh(),
                    ServerCertificate.of(
                            List.of(IpAddress.parse("127.0.0.1"), Topology.MANAGEMENT.getFirst(), ClusterRanges.API),
                            List.of(
                                    "localhost",
                                    "kubernetes",
                                    "kubernetes.default",
                                    "kubernetes.default.svc",
                                    "kubernetes.default.svc.cluster.local")));
        }

        @Override
        public void writeKubeconfigs(IpAddress inside, String loopbackPort) {
            String name = "fyr-lab-" + directory.name();
            write(
                    directory.insideKubeconfig(),
                    KubeconfigText.plain(name, "http://" + inside + ":" + PLAIN_PORT, token));
            write(
                    directory.kubeconfig(),
                    KubeconfigText.verified(name, "https://127.0.0.1:" + loopbackPort, certificate, token));
        }

        @Override
        public Optional<Registry> start() {
            try {
                ApiServer server = ApiServer.start(new InetSocketAddress("::", PLAIN_PORT), settings, token);
                server.encrypt(new InetSocketAddress("::", port), certificate);
                DirectClient client = new DirectClient(server.registry());
                announce(client);
                announceRanges(client);
                Controllers.start(client);
                return Optional.of(server.registry());
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }

        /** The Service default/kubernetes and its endpoint, which a real server creates by itself. Mirroring ignores its Endpoints. */
        private void announce(DirectClient client) {
            client.create(Kinds.SERVICES, "default", object("""
                    {"metadata":{"name":"kubernetes","labels":{"component":"apiserver","provider":"kubernetes"}},"spec":{"type":"ClusterIP",
                     "clusterIP":"%2$s","clusterIPs":["%2$s"],"ipFamilies":["IPv4"],"ipFamilyPolicy":"SingleStack",
                     "ports":[{"name":"https","protocol":"TCP","port":443,"targetPort":%1$d}]}}
                    """.formatted(port, ClusterRanges.API)));
            String address = Topology.MANAGEMENT.getFirst().toString();
            client.create(Kinds.ENDPOINTS, "default", object("""
                    {"metadata":{"name":"kubernetes","labels":{"endpointslice.kubernetes.io/skip-mirror":"true"}},
                     "subsets":[{"addresses":[{"ip":"%2$s"}],"ports":[{"name":"https","protocol":"TCP","port":%1$d}]}]}
                    """.formatted(port, address)));
            client.create(Kinds.ENDPOINT_SLICES, "default", object("""
                    {"metadata":{"name":"kubernetes","labels":{"kubernetes.io/service-name":"kubernetes"}},"addressType":"IPv4",
                     "endpoints":[{"addresses":["%2$s"],"conditions":{"ready":true}}],"ports":[{"name":"https","protocol":"TCP","port":%1$d}]}
                    """.formatted(port, address)));
        }

        /** The ranges that the server gives addresses from. */
        private void announceRanges(DirectClient client) {
            String ranges = settings.serviceRanges().stream()
                    .map(range -> "\"" + range + "\"")
                    .collect(Collectors.joining(","));
            client.create(
                    Kinds.SERVICE_CIDRS,
                    "",
                    object("{\"metadata\":{\"name\":\"kubernetes\"},\"spec\":{\"cidrs\":[" + ranges + "]}}"));
        }

        private static ObjectNode object(String json) {
            return (ObjectNode) JsonMapper.shared().readTree(json);
        }
    }
}
