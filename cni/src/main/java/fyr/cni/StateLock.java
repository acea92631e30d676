package fyr.cni;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Holds a node's state for one process: two agents on the same directory would hand out the same addresses. The kernel lets go of the
 * lock when the process ends, however it ends.
 */
final class StateLock implements Closeable {

    private final FileChannel channel;

    private StateLock(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * @param directory of the state; the lock is a file beside it
     * @throws IOException if another process has it
     */
    static StateLock of(Path directory) throws IOException {
        Path file = directory.toAbsolutePath().resolveSibling(directory.getFileName() + ".lock");
        Files.createDirectories(directory.toAbsolutePath());
        FileChannel channel = FileChannel.open(file, CREATE, WRITE);
        if (!locked(channel)) {
            channel.close();
            throw new IOException(file + ": another Fyr agent uses this state; stop it first");
        }
        return new StateLock(channel);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
