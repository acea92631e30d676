package fyr.apiserver.store;

import tools.jackson.databind.node.ObjectNode;

/**
 * What a watcher hears.
 *
 * @param object immutable by convention; for {@link Type#BOOKMARK} only its resource version says something
 */
public record WatchEvent(Type type, ObjectNode object) {
    /** The kinds of events of the Kubernetes watch protocol. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED,
        BOOKMARK
    }
}
