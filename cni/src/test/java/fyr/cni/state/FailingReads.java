package fyr.cni.state;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;

/** A file system of which nothing can be read at the moment. */
public final class FailingReads implements StateFiles {

    private final StateFiles disk = new DiskFiles();

    @Override
    public List<String> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public boolean isRegular(Path file) throws IOException {
        return disk.isRegular(file);
    }

    @Override
    public byte[] read(Path file) throws IOException {
        throw new FileSystemException(file.toString(), null, "Too many open files");
    }

    @Override
    public void write(Path file, byte[] bytes) throws IOException {
        disk.write(file, bytes);
    }

    @Override
    public void rename(Path file, Path target) throws IOException {
        disk.rename(file, target);
    }

    @Override
    public void delete(Path file) throws IOException {
        disk.delete(file);
    }
}
