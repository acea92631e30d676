package fyr.kernel.socket;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;

/** TCP sockets of any process. Platform threads only. */
public interface TcpSockets {

    /**
     * Aborts connections: the program that has the socket gets an error (ECONNABORTED), even if it only waits for data, and the other end
     * gets a reset. Sockets that listen are left alone, and a connection that is not there is no error.
     *
     * @param namespace the file of the network namespace that the sockets are in; empty for that of the node
     * @return how many were aborted
     * @throws fyr.kernel.KernelException if the kernel refuses: EOPNOTSUPP if it was built without CONFIG_INET_DIAG_DESTROY, ENOENT if the
     *     namespace is gone
     */
    int abort(Optional<Path> namespace, Collection<TcpEnd> ends);
}
