package fyr.cni.state;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The few operations that the store needs from a file system, each one a step before or after which a crash can happen. There is the real
 * one ({@link DiskFiles}); tests use a wrapper that fails at every step in turn.
 */
public interface StateFiles {

    /** Names of the files in a directory, unordered; the directory is created if necessary. */
    List<String> list(Path directory) throws IOException;

    /** Whether this is a regular file, not a folder, link or device. */
    boolean isRegular(Path file) throws IOException;

    /** The whole contents of a file. */
    byte[] read(Path file) throws IOException;

    /** Writes a file, replacing an existing one; a crash may leave any part of it. */
    void write(Path file, byte[] bytes) throws IOException;

    /** Renames a file within its directory, replacing an existing file of that name, atomically. */
    void rename(Path file, Path target) throws IOException;

    /** Removes a file; a missing file is no error. */
    void delete(Path file) throws IOException;
}
