package fyr.cni;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/** A listening Unix socket that only its owner may connect to (mode 0600). Safe on any thread. */
public final class LocalSocket implements AutoCloseable {

    private final Path path;
    private final ServerSocketChannel listener;
    private final Object identity;

    private LocalSocket(Path path, ServerSocketChannel listener) throws IOException {
        this.path = path;
        this.listener = listener;
        this.identity = identity(path);
    }

    /**
     * Listens. A socket that an earlier process left is replaced. The socket is bound under another name and renamed, so that nobody
     * connects before its mode is set, and a stale socket disappears at once.
     *
     * @param path its folder is created if necessary
     * @param waiting how many connections may wait to be accepted
     */
    public static LocalSocket listen(Path path, int waiting) throws IOException {
        Path unnamed = path.toAbsolutePath()
                .resolveSibling(
                        ".new-" + path.getFileName() + ProcessHandle.current().pid());
        Files.createDirectories(path.toAbsolutePath().resolve("..").normalize());
        Files.deleteIfExists(unnamed);
        ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            listener.bind(UnixDomainSocketAddress.of(unnamed), waiting);
            Files.setPosixFilePermissions(unnamed, PosixFilePermissions.fromString("rw-------"));
            Files.move(unnamed, path, StandardCopyOption.ATOMIC_MOVE);
            return new LocalSocket(path, listener);
        } catch (IOException e) {
            listener.close();
            Files.deleteIfExists(unnamed);
            throw e;
        }
    }

    /** Waits for a connection. */
    public SocketChannel accept() throws IOException {
        return listener.accept();
    }

    /** Whether {@link #close} has not been called. */
    public boolean isOpen() {
        return listener.isOpen();
    }

    /** Device and inode. */
    private static Object identity(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Override
    public String toString() {
        return path.toString();
    }

    /** Stops listening and removes the socket, unless a successor has put its own there already. */
    @Override
    public void close() throws IOException {
        if (Files.exists(path) && identity(path).equals(identity)) {
            Files.deleteIfExists(path);
        }
        listener.close();
    }
}
