package fyr.apiserver.kinds;

/**
 * A field that field selectors may name.
 *
 * @param path where a stored object has it
 * @param otherwise what counts when the object does not say it
 */
public record SelectableField(String name, String path, String otherwise) {
    /** A field under its own path, which counts as empty when it is not there. */
    public static SelectableField of(String name) {
        return new SelectableField(name, name, "");
    }
}
