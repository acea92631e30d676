package fyr.cli.lab;

import fyr.cluster.manifest.Manifest;
import fyr.cluster.manifest.ManifestException;
import fyr.cluster.manifest.Manifests;
import fyr.lab.cluster.LabException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The manifests that a command is given with {@code -f}. */
final class ManifestFiles {

    private ManifestFiles() {}

    /**
     * All objects of all paths, each of which must have one; read before anything is done, so that an error in one file leaves nothing half
     * done.
     *
     * @param undone what the command did not do in that case, {@code nothing was applied}
     */
    static List<Manifest> read(List<Path> paths, String undone) {
        List<Manifest> all = new ArrayList<>();
        for (Path path : paths) {
            List<Manifest> manifests = read(path, undone);
            if (manifests.isEmpty()) {
                throw new LabException(path + ": "
                        + (Files.isDirectory(path)
                                ? "no objects in .yaml, .yml or .json files of this folder"
                                : "no objects in this file")
                        + "; " + undone);
            }
            all.addAll(manifests);
        }
        return all;
    }

    private static List<Manifest> read(Path path, String undone) {
        try {
            return Manifests.read(path);
        } catch (ManifestException broken) {
            throw new LabException(broken.getMessage() + "; " + undone);
        }
    }
}
