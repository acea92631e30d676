package fyr.lab.check;

import fyr.kernel.KernelException;
import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.lab.workload.EchoServer;
import fyr.lab.workload.Identity;
import fyr.model.Pod;
import fyr.model.Protocol;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One TCP port of each pod that no container declares, on which the pod answers for as long as this is open. */
final class UndeclaredPorts implements AutoCloseable {

    /** Below the ports that the kernel assigns by itself (net.ipv4.ip_local_port_range). */
    private static final int FIRST = 31_999;

    private static final int TRIES = 16;

    private final List<EchoServer> servers = new ArrayList<>();

    /** The port, unless the pod has gone or all ports that were tried are taken. Must be called on a platform thread. */
    Optional<Integer> open(Pod pod, Path network) {
        Identity identity = new Identity(
                pod.name().name(), pod.name().namespace(), pod.node().orElse(""));
        try (NetworkNamespace namespace = NetworkNamespace.open(network)) {
            for (int port = FIRST; port > FIRST - TRIES; port--) {
                if (!declares(pod, port) && listens(namespace, identity, port)) {
                    return Optional.of(port);
                }
            }
        } catch (KernelException gone) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private static boolean declares(Pod pod, int port) {
        return pod.ports().stream().anyMatch(declared -> declared.port() == port);
    }

    private boolean listens(NetworkNamespace namespace, Identity identity, int port) {
        try {
            servers.add(EchoServer.open(namespace, identity, List.of(new EchoServer.Port(Protocol.TCP, port))));
            return true;
        } catch (UncheckedIOException taken) {
            return false;
        }
    }

    @Override
    public void close() {
        servers.forEach(EchoServer::close);
    }
}
