package fyr.cni.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The few things that the store asks of a file system, each one step that a crash can come before or after. There is the real one
 * ({@link DiskFiles}); tests put one around it that dies at every step in turn.
 */
public interface StateFiles {

    /** Names of the files in a directory, unordered; the directory is made if it is not there. */
    List<String> list(Path directory) throws IOException;

    /** Whether this is a file, and no folder, link or device. */
    boolean isRegular(Path file) throws IOException;

    /** The whole of a file. */
    byte[] read(Path file) throws IOException;

    /** Writes a file, replacing one that is there; a crash may leave any part of it. */
    void write(Path file, byte[] bytes) throws IOException;

    /** Gives a file another name in its directory, replacing what has that name, at once or not at all. */
    void rename(Path file, Path target) throws IOException;

    /** Removes a file; absence is no error. */
    void delete(Path file) throws IOException;
}
