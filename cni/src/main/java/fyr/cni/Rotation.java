package fyr.cni;

import static java.nio.charset.StandardCharsets.UTF_8;

import fyr.cni.address.NodeAddresses;
import fyr.cni.protocol.CniErrorCode;
import fyr.cni.protocol.CniException;
import fyr.cni.state.StateFiles;
import fyr.model.address.IpAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The addresses that were given out last, one of each block, in a file with one line for each: the next process continues after them, so
 * that an address is reused as late as it would be without a restart. Without the file it starts after the highest address in use.
 */
final class Rotation {

    private static final System.Logger LOG = System.getLogger("fyr.cni");
    private static final int LINES_MAX = 16;

    private final StateFiles files;
    private final Path file;
    private List<IpAddress> last;

    Rotation(StateFiles files, Path file) {
        this.files = files;
        this.file = file;
        this.last = read();
    }

    /** A failure here does not refuse an address to anybody: the file is only an optimization. */
    private List<IpAddress> read() {
        try {
            return new String(files.read(file), UTF_8)
                    .lines()
                    .limit(LINES_MAX)
                    .map(IpAddress::parse)
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IllegalArgumentException | IOException e) {
            LOG.log(
                    Level.WARNING,
                    "{0}: cannot be read ({1}); addresses are given out from behind the highest in use",
                    file,
                    e.toString());
            return List.of();
        }
    }

    /** The addresses that were given out last. */
    synchronized List<IpAddress> last() {
        return last;
    }

    /** Writes the current positions. Returns when the next process would find them. */
    synchronized void keep(NodeAddresses addresses) {
        List<IpAddress> now = addresses.last();
        if (now.equals(last)) {
            return;
        }
        Path temporary = file.resolveSibling(".new-" + file.getFileName());
        String text = now.stream().map(address -> address + "\n").collect(Collectors.joining());
        try {
            files.write(temporary, text.getBytes(UTF_8));
            files.rename(temporary, file);
        } catch (IOException | UncheckedIOException e) {
            throw new CniException(
                    CniErrorCode.IO_FAILURE, "cannot write to disk which address was given out", e.toString());
        }
        last = now;
    }
}
