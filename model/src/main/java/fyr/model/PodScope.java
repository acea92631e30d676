package fyr.model;

/** Pods of other nodes that a node has to know because a policy refers to them. */
public sealed interface PodScope extends Comparable<PodScope> {

    /** Pods of all namespaces. */
    record Everywhere() implements PodScope {}

    /** Pods of one namespace. */
    record Namespaced(String namespace) implements PodScope {}

    /** The widest first, then by name. */
    @Override
    default int compareTo(PodScope other) {
        return text(this).compareTo(text(other));
    }

    private static String text(PodScope scope) {
        return switch (scope) {
            case Everywhere _ -> "";
            case Namespaced(String namespace) -> namespace;
        };
    }
}
