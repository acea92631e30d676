package fyr.lab.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** A pod's {@code /etc/hosts}, as a kubelet writes it (managedHostsFileContent in pkg/kubelet/kubelet_pods.go). */
final class HostsFile {

    private static final Path OF_NODE = Path.of("/etc/hosts");
    private static final String LOCAL = """
            # Kubernetes-managed hosts file.
            127.0.0.1\tlocalhost
            ::1\tlocalhost ip6-localhost ip6-loopback
            fe00::\tip6-localnet
            fe00::\tip6-mcastprefix
            fe00::1\tip6-allnodes
            fe00::2\tip6-allrouters
            """;

    private HostsFile() {}

    /** The text of the file. */
    static String of(PodFacts pod, List<String> addresses, String clusterDomain) {
        StringBuilder text = new StringBuilder();
        if (pod.hostNetwork()) {
            text.append("# Kubernetes-managed hosts file (host network).\n").append(ofNode());
        } else {
            text.append(LOCAL);
            String names = names(pod, clusterDomain);
            addresses.forEach(
                    address -> text.append(address).append('\t').append(names).append('\n'));
        }
        aliases(pod, text);
        return text.toString();
    }

    private static String names(PodFacts pod, String clusterDomain) {
        String host = pod.hostname();
        String subdomain = pod.spec().path("subdomain").asString("");
        return subdomain.isEmpty()
                ? host
                : host + "." + subdomain + "." + pod.namespace() + ".svc." + clusterDomain + "\t" + host;
    }

    private static void aliases(PodFacts pod, StringBuilder text) {
        List<JsonNode> aliases = PodFacts.list(pod.spec().path("hostAliases"));
        if (!aliases.isEmpty()) {
            text.append("\n# Entries added by HostAliases.\n");
        }
        for (JsonNode alias : aliases) {
            List<String> line = new ArrayList<>(List.of(alias.path("ip").asString("")));
            alias.path("hostnames").forEach(name -> line.add(name.asString("")));
            text.append(String.join("\t", line)).append('\n');
        }
    }

    private static String ofNode() {
        try {
            return Files.exists(OF_NODE) ? Files.readString(OF_NODE) : "";
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
