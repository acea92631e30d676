package fyr.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.UUID;

/** Held by the one process that starts the lab of a name, so that none takes another's half-made lab for what a killed one left. It ends with its process. */
final class StartLock {

    private final LabDirectory directory;
    private final FileChannel channel;

    private StartLock(LabDirectory directory, FileChannel channel) {
        this.directory = directory;
        this.channel = channel;
    }

    /** Empty when another process, or another thread, is starting a lab of this name. */
    static Optional<StartLock> take(LabDirectory directory) {
        while (true) {
            try {
                directory.makeParents();
                FileChannel channel = open(directory.startLock());
                if (!isLocked(channel)) {
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

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    }

    private static boolean isLocked(FileChannel channel) throws IOException {
        try {
            return Optional.<FileLock>ofNullable(channel.tryLock()).isPresent();
        } catch (OverlappingFileLockException thisProcess) {
            return false;
        }
    }

    /** Whether what was locked still has its name: the file of a lock that was released meanwhile is removed. */
    private static boolean isThat(Path file, FileChannel channel) throws IOException {
        String mark = UUID.randomUUID().toString();
        channel.write(ByteBuffer.wrap(mark.getBytes(StandardCharsets.US_ASCII)), 0);
        try {
            return Files.readString(file).equals(mark);
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
        }
    }
}
