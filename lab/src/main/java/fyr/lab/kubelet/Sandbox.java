package fyr.lab.kubelet;

import fyr.lab.workload.EchoServer;
import fyr.lab.workload.Identity;
import fyr.lab.world.World;
import fyr.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a node holds of a running pod: its network, its addresses, its servers, and its directory. */
record Sandbox(PodFacts pod, List<String> addresses, EchoServer servers) {

    /** Makes everything; on failure nothing is left but what CNI DEL is for, and that is done too. To be called on a platform thread. */
    static Sandbox create(PodFacts pod, KubeletSettings settings, CniRuntime cni, NetworkNamespace node) {
        Identity identity =
                new Identity(pod.name(), pod.namespace(), settings.place().name());
        if (pod.hostNetwork()) {
            List<String> addresses =
                    settings.place().addresses().stream().map(Object::toString).toList();
            EchoServer servers = EchoServer.open(node, identity, pod.ports());
            describe(pod, settings, node.file());
            return new Sandbox(pod, addresses, servers);
        }
        Path file = World.podFile(pod.uid());
        try (NetworkNamespace network = World.createPod(pod.uid())) {
            List<String> addresses = cni.add(pod, file);
            EchoServer servers = EchoServer.open(network, identity, pod.ports());
            describe(pod, settings, file);
            return new Sandbox(pod, addresses, servers);
        } catch (RuntimeException failure) {
            cleanUp(pod, cni, failure);
            throw failure;
        }
    }

    private static void cleanUp(PodFacts pod, CniRuntime cni, RuntimeException failure) {
        try {
            cni.delete(pod, World.podFile(pod.uid()));
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        } finally {
            World.removePod(pod.uid());
        }
    }

    private static void describe(PodFacts pod, KubeletSettings settings, Path network) {
        Path directory = directory(pod, settings);
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("resolv.conf"), ResolverFile.of(pod, settings));
            Files.writeString(directory.resolve("node"), settings.place().name() + "\n");
            Files.writeString(directory.resolve("netns"), network + "\n");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Path directory(PodFacts pod, KubeletSettings settings) {
        return settings.pods().resolve(pod.namespace()).resolve(pod.name());
    }

    /** Ends the servers and detaches the pod. May be repeated if it fails. */
    void remove(KubeletSettings settings, CniRuntime cni) {
        servers.close();
        if (!pod.hostNetwork()) {
            cni.delete(pod, World.podFile(pod.uid()));
            World.removePod(pod.uid());
        }
        Path directory = directory(pod, settings);
        try {
            for (String file : List.of("netns", "node", "resolv.conf")) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.deleteIfExists(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
