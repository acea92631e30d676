package fyr.lab.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Where others find a running pod: {@code NAMESPACE/NAME} with {@code netns}, {@code node}, {@code hostname}, {@code hosts} and {@code
 * resolv.conf}. A pod may start before the previous pod of the same name has ended completely, also on another node, so a pod removes only
 * its own directory. One at a time, whatever the node.
 */
final class PodDirectory {

    private static final Object ALONE = new Object();
    private static final List<String> FILES = List.of("netns", "node", "hostname", "hosts", "resolv.conf", "uid");

    private PodDirectory() {}

    static void write(PodFacts pod, List<String> addresses, KubeletSettings settings, Path network) {
        Path directory = directory(pod, settings);
        synchronized (ALONE) {
            try {
                Files.createDirectories(directory);
                Files.writeString(directory.resolve("uid"), pod.uid());
                Files.writeString(directory.resolve("resolv.conf"), ResolverFile.of(pod, settings));
                Files.writeString(directory.resolve("hosts"), HostsFile.of(pod, addresses, settings.clusterDomain()));
                String node = settings.place().name();
                Files.writeString(directory.resolve("hostname"), (pod.hostNetwork() ? node : pod.hostname()) + "\n");
                Files.writeString(directory.resolve("node"), node + "\n");
                Files.writeString(directory.resolve("netns"), network + "\n");
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    static void remove(PodFacts pod, KubeletSettings settings) {
        Path directory = directory(pod, settings);
        synchronized (ALONE) {
            try {
                if (!Files.readString(directory.resolve("uid")).equals(pod.uid())) {
                    return; // the next pod of that name is here already
                }
                for (String file : FILES) {
                    Files.deleteIfExists(directory.resolve(file));
                }
                Files.deleteIfExists(directory);
            } catch (NoSuchFileException | DirectoryNotEmptyException gone) {
                return;
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    private static Path directory(PodFacts pod, KubeletSettings settings) {
        return settings.pods().resolve(pod.namespace()).resolve(pod.name());
    }
}
