package fyr.lab.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;

/** Where a lab keeps its files; the same path inside the lab and outside. */
public record LabDirectory(Path path) {

    /** The directory of a lab of this user: below {@code $XDG_RUNTIME_DIR}, or {@code /tmp/fyr-UID}. */
    public static LabDirectory named(String name) {
        if (!name.matches("[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")) {
            throw new LabException(
                    "'" + name + "' is no name for a lab: lower-case letters, digits and '-', at most 32");
        }
        return new LabDirectory(all().resolve(name));
    }

    /** The directory that has the labs of this user, which need not exist. */
    static Path all() {
        Path runtime = Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR"))
                .filter(text -> !text.isEmpty())
                .map(Path::of)
                .filter(Files::isWritable)
                .orElseGet(() -> Path.of("/tmp/fyr-" + owner(Path.of("/proc/self"))));
        return runtime.resolve("fyr/labs");
    }

    private static Path parent(Path part) {
        return Objects.requireNonNull(part.getParent(), "a lab's directory is three levels deep");
    }

    /** Makes it, for nobody else to look into; nobody else may own what it lies in. */
    void create() {
        try {
            makeParents();
            makePrivate(path);
        } catch (NoSuchFileException another) {
            createAgain(); // the end of another lab has just removed the folders above, which were empty
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + path, failure);
        }
    }

    private void createAgain() {
        try {
            makeParents();
            makePrivate(path);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot make " + path, failure);
        }
    }

    /** Makes the folders of all labs of this user. */
    void makeParents() throws IOException {
        Path labs = parent(path);
        Path base = parent(parent(labs));
        if (!Files.exists(base)) {
            makePrivate(base);
        }
        if (!owner(base).equals(owner(Path.of("/proc/self")))) {
            throw new LabException(base + " belongs to another user; remove it, or set XDG_RUNTIME_DIR");
        }
        Files.createDirectories(labs);
    }

    private static void makePrivate(Path folder) throws IOException {
        Files.createDirectory(
                folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    /** Removes the folders above that were made for labs, if this was the last one. */
    void removeEmptyParents() throws IOException {
        Path labs = parent(path);
        Path fyr = parent(labs);
        try {
            Files.deleteIfExists(labs);
            Files.deleteIfExists(fyr);
            if (parent(fyr).startsWith("/tmp")
                    && parent(fyr).getFileName().toString().startsWith("fyr-")) {
                Files.deleteIfExists(parent(fyr));
            }
        } catch (DirectoryNotEmptyException others) {
            return; // other labs, or what somebody else keeps there
        }
    }

    private static Object owner(Path file) {
        try {
            return Files.getAttribute(file, "unix:uid");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The lab's name. */
    public String name() {
        return path.getFileName().toString();
    }

    /** Beside the lab's directory, which comes and goes while the lab is started. */
    Path startLock() {
        return parent(path).resolve("." + name() + ".lock");
    }

    /** For {@code kubectl} and everything else outside the lab. */
    public Path kubeconfig() {
        return path.resolve("kubeconfig");
    }

    /** For those inside. */
    Path insideKubeconfig() {
        return path.resolve("inside.kubeconfig");
    }

    /** What the lab's processes say. */
    public Path log() {
        return path.resolve("log");
    }

    Path progress() {
        return path.resolve("progress");
    }

    Path ready() {
        return path.resolve("ready");
    }

    Path pid() {
        return path.resolve("pid");
    }

    Path port() {
        return path.resolve("port");
    }

    /** A Unix socket: one line is a command, what comes back is its answer. */
    Path control() {
        return path.resolve("control");
    }

    /** The machines' own resolver file. */
    Path resolver() {
        return path.resolve("resolv.conf");
    }

    /** A node's directory: {@code bin}, {@code conf}, {@code state}, {@code run}, {@code log}. */
    public Path node(String name) {
        return path.resolve("nodes").resolve(name);
    }

    /** The directory of the running pods' directories. */
    Path pods() {
        return path.resolve("pods");
    }
}
