package fyr.cluster.manifest;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One Kubernetes object from a file. {@code content} holds maps with keys in the file's order, lists, strings, numbers (Long, BigInteger,
 * Double), booleans and nulls.
 *
 * @param file the name of the file in messages
 * @param line where the object begins, from 1
 */
public record Manifest(Map<String, @Nullable Object> content, String file, int line) {

    /** {@code apiVersion}, or empty. */
    public String apiVersion() {
        return content.get("apiVersion") instanceof String text ? text : "";
    }

    /** {@code kind}, or empty. */
    public String kind() {
        return content.get("kind") instanceof String text ? text : "";
    }

    /** {@code metadata.name}, or empty. */
    public String name() {
        return metadata("name").orElse("");
    }

    /** {@code metadata.namespace}. */
    public Optional<String> namespace() {
        return metadata("namespace");
    }

    private Optional<String> metadata(String field) {
        return content.get("metadata") instanceof Map<?, ?> metadata && metadata.get(field) instanceof String text
                ? Optional.of(text)
                : Optional.empty();
    }

    /** The object as JSON. */
    public byte[] json() {
        return Json.bytes(content);
    }

    /** {@code file:line}, for messages. */
    public String position() {
        return file + ":" + line;
    }

    /**
     * {@code file:line} of a field in the notation of API servers, {@code spec.ports[0].port}. If the field does not exist or has a dot in
     * its name, the line of the innermost enclosing field.
     */
    public String position(String field) {
        int found = line;
        Object here = content;
        for (String step : field.split("[.\\[]")) {
            switch (here) {
                case LinedMap map
                when map.containsKey(step) -> {
                    found = map.line(step, found);
                    here = map.get(step);
                }
                case LinedList list
                when index(step) < list.size() -> {
                    found = list.line(index(step));
                    here = list.get(index(step));
                }
                case null, default -> {
                    return file + ":" + found;
                }
            }
        }
        return file + ":" + found;
    }

    /** The number in {@code 12]}; for anything else, a number that no list reaches. */
    private static int index(String step) {
        return step.matches("[0-9]{1,6}]") ? Integer.parseInt(step.substring(0, step.length() - 1)) : Integer.MAX_VALUE;
    }
}
