package fyr.cluster.manifest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads manifests from files, folders and texts; what their kinds mean, and which are known, is the caller's affair. */
public final class Manifests {

    private Manifests() {}

    /**
     * All objects of a file, or of the {@code .yaml}, {@code .yml} and {@code .json} files of a folder and those below it in the order of
     * their names. {@code kind: List} is opened, and so is a list of one kind. {@link ManifestException} with file and line if something is not a manifest.
     */
    public static List<Manifest> read(Path path) {
        List<Manifest> manifests = new ArrayList<>();
        for (Path file : files(path)) {
            manifests.addAll(parse(text(file), file.toString()));
        }
        return manifests;
    }

    /** All objects of a text; {@code file} is what messages call it. JSON is known by its first character. */
    public static List<Manifest> parse(String text, String file) {
        String start = text.stripLeading();
        return start.startsWith("{") ? JsonText.read(text, file) : YamlText.read(text, file);
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

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
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
            case Map<?, ?> map
            when isList(map) && map.get("items") instanceof List<?> items ->
                items.forEach(item -> add(typed(item, map), file, line, manifests));
            case Map<?, ?> map -> manifests.add(manifest(map, file, line));
            default ->
                throw new ManifestException(
                        file + ":" + line, "not a Kubernetes object: a mapping with apiVersion and kind is expected");
        }
    }

    private static boolean isList(Map<?, ?> map) {
        return map.get("kind") instanceof String kind && kind.endsWith("List");
    }

    /** In a PodList the pods need not say what they are (apimachinery's unstructured decoder completes them, too). */
    private static @Nullable Object typed(@Nullable Object item, Map<?, ?> list) {
        String kind = String.valueOf(list.get("kind")).replaceFirst("List$", "");
        if (kind.isEmpty() || !(item instanceof Map<?, ?> object)) {
            return item;
        }
        Map<Object, @Nullable Object> typed = new LinkedHashMap<>(object);
        typed.putIfAbsent("apiVersion", list.get("apiVersion"));
        typed.putIfAbsent("kind", kind);
        return typed;
    }

    private static Manifest manifest(Map<?, ?> map, String file, int line) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        map.forEach((key, value) -> content.put(String.valueOf(key), value));
        Manifest manifest = new Manifest(content, file, line);
        if (manifest.kind().isEmpty() || manifest.apiVersion().isEmpty()) {
            String missing = manifest.kind().isEmpty() ? "kind" : "apiVersion";
            throw new ManifestException(file + ":" + line, "not a Kubernetes object: " + missing + " is missing");
        }
        return manifest;
    }
}
