package fyr.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Held by the one process that starts the lab of a name, so that none takes another's half-made lab for what a killed one left. It ends with its
 * process, and whenever the process closes any descriptor of the file (fcntl(2), POSIX record locks): while it is held nobody here opens it.
 */
final class StartLock {

    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
    private static final int MARKS = 1 << 30;

    private final LabDirectory directory;
    private final FileChannel channel;

    private StartLock(LabDirectory directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Empty when another process, or another thread, is starting a lab of this name. */
    static Optional<StartLock> take(LabDirectory directory) {
        if (!HELD.add(directory.startLock())) {
            return Optional.empty();
        }
        Optional<StartLock> lock = Optional.empty();
        try {
            lock = takeFromOtherProcesses(directory);
            return lock;
        } finally {
            if (lock.isEmpty()) {
                HELD.remove(directory.startLock());
            }
        }
    }

    private static Optional<StartLock> takeFromOtherProcesses(LabDirectory directory) {
        while (true) {
            try {
                directory.makeParents();
                FileChannel channel =
                        FileChannel.open(directory.startLock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                if (channel.tryLock() == null) {
                    channel.close();
                    return Optional.empty();
                }
                if (isThat(directory.startLock(), channel)) {
                    return Optional.of(new StartLock(directory, channel));
                }
                channel.close();
            } catch (NoSuchFileException | FileAlreadyExistsException moving) {
                continue; // the end of another lab removes the folders above meanwhile
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Whether what was locked still has its name: the file of a lock that was released meanwhile is removed. Its length is the mark. */
    private static boolean isThat(Path file, FileChannel channel) throws IOException {
        int mark = ThreadLocalRandom.current().nextInt(1, MARKS);
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(new byte[1]), mark - 1L);
        try {
            return Files.size(file) == mark;
        } catch (NoSuchFileException removed) {
            return false;
        }
    }

    /** Lets others start a lab of this name. */
    synchronized void release() {
        if (!channel.isOpen()) {
            return;
        }
        try {
            Files.deleteIfExists(directory.startLock());
            channel.close();
            directory.removeEmptyParents();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } finally {
            HELD.remove(directory.startLock());
        }
    }
}
