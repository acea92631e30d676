package fyr.lab.kubelet;

import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.lab.workload.EchoServer;
import fyr.lab.workload.Identity;
import fyr.lab.world.World;
import java.nio.file.Path;
import java.util.List;

/** The parts of a running pod on its node: its network, its addresses, its servers, and its directory. */
record Sandbox(PodFacts pod, List<String> addresses, EchoServer servers) {

    /** Creates everything; on failure only what CNI DEL removes is left, and CNI DEL is done too. Must be called on a platform thread. */
    static Sandbox create(PodFacts pod, KubeletSettings settings, CniRuntime cni, NetworkNamespace node) {
        Identity identity =
                new Identity(pod.name(), pod.namespace(), settings.place().name());
        if (pod.hostNetwork()) {
            List<String> addresses =
                    settings.place().addresses().stream().map(Object::toString).toList();
            return serving(pod, settings, addresses, EchoServer.open(node, identity, pod.ports()), node.file());
        }
        Path file = World.podFile(pod.uid());
        try (NetworkNamespace network = World.createPod(pod.uid())) {
            List<String> addresses = cni.add(pod, file);
            return serving(pod, settings, addresses, EchoServer.open(network, identity, pod.ports()), file);
        } catch (RuntimeException failure) {
            cleanUp(pod, cni, failure);
            throw failure;
        }
    }

    /** The servers end with everything else if their pod cannot be described: the next try needs their ports. */
    private static Sandbox serving(
            PodFacts pod, KubeletSettings settings, List<String> addresses, EchoServer servers, Path network) {
        try {
            PodDirectory.write(pod, addresses, settings, network);
            return new Sandbox(pod, addresses, servers);
        } catch (RuntimeException failure) {
            servers.close();
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

    /** Ends the servers: after that nobody answers. May be repeated. */
    void silence() {
        servers.close();
    }

    /** Ends the servers and detaches the pod. May be repeated if it fails. */
    void remove(KubeletSettings settings, CniRuntime cni) {
        servers.close();
        if (!pod.hostNetwork()) {
            cni.delete(pod, World.podFile(pod.uid()));
            World.removePod(pod.uid());
        }
        PodDirectory.remove(pod, settings);
    }
}
