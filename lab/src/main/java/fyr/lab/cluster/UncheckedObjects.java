package fyr.lab.cluster;

import fyr.apiserver.kinds.Kinds;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.store.Registry;
import fyr.cluster.manifest.Manifest;
import fyr.cluster.manifest.Manifests;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts objects into the store of the lab's own API server past all of its checks. There is no command of {@code fyr lab} for this; tests of
 * hostile objects send it to the lab's control socket.
 *
 * @param registry the objects of the API server, if it is in this process
 */
record UncheckedObjects(Optional<Registry> registry) {

    /** Stores all objects of a file or folder of manifests, and returns a line for each. */
    String store(Path manifests) {
        Registry objects = registry.orElseThrow(
                () -> new LabException("only the lab's own API server stores objects without checking them"));
        StringBuilder lines = new StringBuilder();
        List<Manifest> all = Manifests.read(manifests);
        for (Manifest manifest : all) {
            Resource resource = Kinds.ofKind(manifest.apiVersion(), manifest.kind())
                    .orElseThrow(() -> new LabException(
                            manifest.position() + ": no kind " + manifest.kind() + " of " + manifest.apiVersion()));
            if (JsonMapper.shared().readTree(manifest.json()) instanceof ObjectNode object) {
                objects.store(resource, manifest.namespace().orElse("default"), object);
            }
            lines.append(manifest.kind()).append(' ').append(manifest.name()).append(" stored\n");
        }
        return lines.toString();
    }
}
