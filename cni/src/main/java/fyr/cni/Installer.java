package fyr.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** Puts executable and network configuration where the container runtime looks for them. Files that are right already are not touched. */
public final class Installer {

    /** The name of our configuration: the runtime takes the first in lexicographic order. */
    public static final String CONFIGURATION = "10-fyr.conflist";

    private static final int PATIENCE_SECONDS = 60;

    /**
     * portMappings is claimed so that the runtime passes hostPorts on.
     *
     * <p>cniVersion is what a runtime with libcni before 1.2 goes by (containerd 1.7, Multus 3.9), which refuses a list that is newer than
     * itself. Later ones take the highest that they know of both keys (NetworkConfFromBytes in libcni/conf.go), and call STATUS and GC
     * from 1.1.0 on.
     */
    private static final String TEXT = """
            {
              "cniVersion": "1.0.0",
              "cniVersions": ["0.3.1", "0.4.0", "1.0.0", "1.1.0"],
              "name": "fyr",
              "plugins": [
                {
                  "type": "fyr",
                  "capabilities": {"portMappings": true}
                }
              ]
            }
            """;

    private final Path binDirectory;
    private final Path configurationDirectory;

    /**
     * @param binDirectory usually {@code /opt/cni/bin}
     * @param configurationDirectory usually {@code /etc/cni/net.d}
     */
    public Installer(Path binDirectory, Path configurationDirectory) {
        this.binDirectory = binDirectory;
        this.configurationDirectory = configurationDirectory;
    }

    /**
     * Installs {@code fyr}, which asks the agent at this socket and leaves DELs in this directory when there is none, and {@code loopback}
     * unless there is one.
     */
    public void installExecutable(Path socket, Path pendingDirectory) throws IOException {
        installExecutable(socket, pendingDirectory, PATIENCE_SECONDS);
    }

    void installExecutable(Path socket, Path pendingDirectory, int seconds) throws IOException {
        byte[] bytes = Executable.bytes(socket.toAbsolutePath(), pendingDirectory.toAbsolutePath(), seconds);
        // The executable makes the last folder if it has to, not its parents.
        Files.createDirectories(pendingDirectory.toAbsolutePath());
        Files.createDirectories(binDirectory);
        replace(binDirectory.resolve("fyr"), bytes, "rwxr-xr-x");
        installLoopback();
    }

    /** containerd calls a plugin of this name for every pod. The reference one, if it is there, does as well. */
    private void installLoopback() throws IOException {
        try {
            Files.createSymbolicLink(binDirectory.resolve("loopback"), Path.of("fyr"));
        } catch (FileAlreadyExistsException there) {
            // Ours from before, or another's: both do what is needed.
        }
    }

    /**
     * Installs the configuration, which tells the runtime that the network is ready: only to be done once pods can be attached.
     *
     * @return one line about a foreign configuration that the runtime takes instead of ours, if there is one
     */
    public Optional<String> installConfiguration() throws IOException {
        Files.createDirectories(configurationDirectory);
        replace(configurationDirectory.resolve(CONFIGURATION), TEXT.getBytes(UTF_8), "rw-r--r--");
        return foreign();
    }

    private Optional<String> foreign() throws IOException {
        try (Stream<Path> files = Files.list(configurationDirectory)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(".*\\.(conf|conflist|json)") && name.compareTo(CONFIGURATION) < 0)
                    .sorted()
                    .findFirst()
                    .map(name -> configurationDirectory.resolve(name) + " comes before " + CONFIGURATION
                            + ": the container runtime uses it instead of Fyr; remove it");
        }
    }

    /**
     * Temporary file and rename within one directory: a running executable cannot be overwritten (ETXTBSY), and containerd's watcher does
     * not notice a file that is moved in from elsewhere.
     */
    private static void replace(Path file, byte[] bytes, String mode) throws IOException {
        var permissions = PosixFilePermissions.fromString(mode);
        if (isAlready(file, bytes) && Files.getPosixFilePermissions(file).equals(permissions)) {
            return;
        }
        Path temporary = file.resolveSibling("." + file.getFileName() + ".new");
        Files.write(temporary, bytes);
        Files.setPosixFilePermissions(temporary, permissions);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static boolean isAlready(Path file, byte[] bytes) throws IOException {
        try {
            return Arrays.equals(Files.readAllBytes(file), bytes);
        } catch (NoSuchFileException e) {
            return false;
        }
    }
}
