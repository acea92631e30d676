package fyr.cni;

import fyr.cni.protocol.CniAnswer;
import fyr.cni.protocol.Frame;
import fyr.cni.protocol.RawRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * DELs that the executable put on disk because no agent answered: one file each, {@code container:interface}, holding the request. One
 * lock over all of this: a DEL that is being made up for must not overtake a new ADD of the same container.
 */
final class PendingDeletes {

    private static final System.Logger LOG = System.getLogger("fyr.cni");
    private static final String TEMPORARY = ".new-";

    private final Path directory;
    private final CniHandler handler;

    PendingDeletes(Path directory, CniHandler handler) {
        this.directory = directory;
        this.handler = handler;
    }

    /** Makes up for all of them. What fails stays for the next time and is logged in one line. */
    synchronized void drain() throws IOException {
        Files.createDirectories(directory);
        List<Path> files;
        try (Stream<Path> listed = Files.list(directory)) {
            files = listed.sorted().toList();
        }
        for (Path file : files) {
            if (file.getFileName().toString().startsWith(TEMPORARY)) {
                removeIfOld(file);
            } else {
                settle(file);
            }
        }
    }

    /** Makes up for the DEL of this container and interface, if there is one, before something else is done with them. */
    void settle(RawRequest next) {
        String container = next.environment().getOrDefault("CNI_CONTAINERID", "");
        String name = container + ":" + next.environment().getOrDefault("CNI_IFNAME", "");
        if (name.indexOf('/') < 0 && name.indexOf('\0') < 0 && name.length() < 256) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                synchronized (this) {
                    settle(file);
                }
            }
        }
    }

    private void settle(Path file) {
        try (InputStream input = Files.newInputStream(file)) {
            RawRequest request = Frame.readRequest(input);
            CniAnswer answer = handler.handle(request);
            if (answer.status() == 0) {
                Files.deleteIfExists(file);
            } else {
                LOG.log(System.Logger.Level.WARNING, "{0}: DEL still fails: {1}", file, answer.text());
            }
        } catch (NoSuchFileException e) {
            // Somebody else was faster.
        } catch (IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}: not a pending DEL: {1}", file, e.getMessage());
        }
    }

    /** A temporary file of a living executable is young. */
    private static void removeIfOld(Path file) throws IOException {
        try {
            if (Files.getLastModifiedTime(file).toInstant().isBefore(Instant.now().minus(Duration.ofHours(1)))) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Renamed meanwhile.
        }
    }
}
