package fyr.kernel.linux.route;

import static java.nio.charset.StandardCharsets.US_ASCII;

import fyr.kernel.Errno;
import fyr.kernel.KernelException;
import fyr.kernel.linux.libc.Descriptor;
import fyr.kernel.linux.libc.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Files below /proc/sys, which belong to the network namespace of the thread that opens them. */
final class SettingFiles {

    private static final Path ROOT = Path.of("/proc/sys");
    private static final int LONGEST = 4096;

    private SettingFiles() {}

    /** The value, with white space between numbers as single blanks; empty if the kernel has no such setting. */
    static Optional<String> read(String path) {
        try (Descriptor file = Files.open(ROOT.resolve(path), Files.O_RDONLY)) {
            return Optional.of(
                    new String(Files.read(file, LONGEST), US_ASCII).strip().replaceAll("\\s+", " "));
        } catch (KernelException refused) {
            if (refused.errno().equals(Errno.ENOENT)) {
                return Optional.empty();
            }
            throw refused;
        }
    }

    /**
     * Writes a value unless it is set already: writing {@code all/forwarding} again would set it for every link and purge routes.
     *
     * @throws KernelException ENOENT if there is no such setting
     */
    static void write(String path, String value) {
        if (read(path).equals(Optional.of(value))) {
            return;
        }
        try (Descriptor file = Files.open(ROOT.resolve(path), Files.O_WRONLY)) {
            Files.write(file, value.getBytes(US_ASCII));
        }
    }
}
