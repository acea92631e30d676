package fyr.cni;

import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.protocol.CniRequest;
import fyr.cni.protocol.CniVersion;
import fyr.cni.protocol.Frame;
import fyr.cni.protocol.RawRequest;
import fyr.cni.protocol.RequestReader;
import fyr.kernel.KernelException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * DELs that the executable put on disk because no agent answered: one file each, {@code container:interface}, holding the request. One
 * lock over all of this: a DEL that is being made up for must not overtake a new ADD of the same container.
 */
final class PendingDeletes {

    private static final System.Logger LOG = System.getLogger("fyr.cni");
    private static final String TEMPORARY = ".new-";

    private final Path directory;
    private final CniService service;

    PendingDeletes(Path directory, CniService service) {
        this.directory = directory;
        this.service = service;
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

    /**
     * Makes up for the DEL of this container and interface, if there is one, before something else is done with them.
     *
     * @throws CniException TRY_AGAIN_LATER if it still fails: left behind, it would detach the new pod later
     */
    void settle(RawRequest next) {
        String container = next.environment().getOrDefault("CNI_CONTAINERID", "");
        String name = container + ":" + next.environment().getOrDefault("CNI_IFNAME", "");
        if (name.indexOf('/') < 0 && name.indexOf('\0') < 0 && name.length() < 256) {
            Path file = directory.resolve(name);
            if (Files.exists(file)) {
                synchronized (this) {
                    settle(file).ifPresent(why -> {
                        throw new CniException(
                                CniErrorCode.TRY_AGAIN_LATER, "an earlier DEL of the same pod still fails", why);
                    });
                }
            }
        }
    }

    /** Why the DEL in this file still fails; empty if it is done, or was none. */
    private Optional<String> settle(Path file) {
        try {
            Optional<CniRequest.Delete> request = read(file);
            request.ifPresent(service::delete);
            Files.deleteIfExists(file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty(); // somebody else was faster
        } catch (CniException | KernelException | IOException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}: DEL still fails: {1}", file, e.getMessage());
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Only the attachment counts. What cannot be read counts for nothing: it would fail for ever, and healing finds what it leaves. */
    private static Optional<CniRequest.Delete> read(Path file) throws IOException {
        try (InputStream input = Files.newInputStream(file)) {
            return Optional.of(
                    new CniRequest.Delete(CniVersion.V1_1_0, RequestReader.attachment(Frame.readRequest(input))));
        } catch (ProtocolException | EOFException | CniException e) {
            LOG.log(System.Logger.Level.WARNING, "{0}: not a request, removed: {1}", file, e.toString());
            return Optional.empty();
        }
    }

    /** A temporary file of a living executable is young. */
    private static void removeIfOld(Path file) throws IOException {
        try {
            if (Files.getLastModifiedTime(file)
                    .toInstant()
                    .isBefore(Instant.now().minus(Duration.ofHours(1)))) {
                Files.deleteIfExists(file);
            }
        } catch (NoSuchFileException e) {
            // Renamed meanwhile.
        }
    }
}
