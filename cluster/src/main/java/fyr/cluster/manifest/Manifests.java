package fyr.cluster.manifest;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads manifests from files, folders and texts; the meaning of their kinds, and which kinds are known, is up to the caller. */
public final class Manifests {

    private Manifests() {}

    /**
     * All objects of a file, or of the {@code .yaml}, {@code .yml} and {@code .json} files of a folder and its subfolders, in the order of
     * their names. {@code kind: List} is expanded, and so is a list of one kind. Throws {@link ManifestException} with file and line if
     * something is not a manifest.
     */
    public static List<Manifest> read(Path path) {
        List<Manifest> manifests = new ArrayList<>();
        for (Path file : files(path)) {
            manifests.addAll(parse(text(file), file.toString()));
        }
        return manifests;
    }

    /**
     * All objects of a text; {@code file} is its name in messages. A text that begins like JSON may be a sequence of JSON documents, JSON
     * and YAML documents between lines of three dashes, or YAML in flow style.
     */
    public static List<Manifest> parse(String text, String file) {
        // Editors on some systems write this at the beginning of a file (U+FEFF), and files are concatenated.
        String plain = text.replaceAll("(?m)^\uFEFF", "");
        return Document.of(plain, file).stream()
                .flatMap(document -> document.manifests().stream())
                .toList();
    }

    private static List<Path> files(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .filter(Manifests::named)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new ManifestException(path.toString(), "the folder cannot be read: " + e.getMessage());
        }
    }

    private static boolean named(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json");
    }

    /** Read up to a limit: it may be a device, or somebody's pipe. */
    private static String text(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(YamlText.LONGEST + 1);
            if (bytes.length > YamlText.LONGEST) {
                throw new ManifestException(
                        file.toString(),
                        "larger than " + (YamlText.LONGEST >> 20) + " MiB; divide it into several files");
            }
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (java.nio.file.NoSuchFileException e) {
            throw new ManifestException(file.toString(), "no such file or folder");
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new ManifestException(file.toString(), "not UTF-8 text");
        } catch (IOException e) {
            throw new ManifestException(file.toString(), "cannot be read: " + e.getMessage());
        }
    }

    /** Adds what a document holds: nothing, an object, or the items of a list. */
    static void add(@Nullable Object document, String file, int line, List<Manifest> manifests) {
        switch (document) {
            case null -> {} // an empty document between two separators
            case Map<?, ?> map when isList(map) -> items(map, file, line, manifests);
            case LinedMap map -> manifests.add(manifest(map, file, line));
            default ->
                throw new ManifestException(
                        file, line, "not a Kubernetes object: a mapping with apiVersion and kind is expected");
        }
    }

    /** A custom kind may be called AllowList. */
    private static boolean isList(Map<?, ?> map) {
        return map.get("kind") instanceof String kind
                && kind.endsWith("List")
                && (map.containsKey("items") || kind.equals("List"));
    }

    private static void items(Map<?, ?> map, String file, int line, List<Manifest> manifests) {
        switch (map.get("items")) {
            case LinedList items -> {
                for (int i = 0; i < items.size(); i++) {
                    add(typed(items.get(i), map), file, items.line(i), manifests);
                }
            }
            case null -> {} // an empty list, as some programs write it
            default -> throw new ManifestException(file, line, "the items of a list must be a sequence");
        }
    }

    /** The pods in a PodList need not state their kind (apimachinery's unstructured decoder adds it, too). */
    private static @Nullable Object typed(@Nullable Object item, Map<?, ?> list) {
        String kind = String.valueOf(list.get("kind")).replaceFirst("List$", "");
        if (!kind.isEmpty() && item instanceof LinedMap object) {
            object.putIfAbsent("apiVersion", list.get("apiVersion"));
            object.putIfAbsent("kind", kind);
        }
        return item;
    }

    private static Manifest manifest(LinedMap map, String file, int line) {
        Manifest manifest = new Manifest(map, file, line);
        if (manifest.kind().isEmpty() || manifest.apiVersion().isEmpty()) {
            String missing = manifest.kind().isEmpty() ? "kind" : "apiVersion";
            throw new ManifestException(file, line, "not a Kubernetes object: " + missing + " is missing");
        }
        return manifest;
    }
}
