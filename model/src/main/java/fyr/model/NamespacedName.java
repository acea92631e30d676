package fyr.model;

import org.jspecify.annotations.Nullable;

/** The name of an object that lives in a namespace. Ordered by namespace, then name. */
public record NamespacedName(String namespace, String name) implements Comparable<NamespacedName> {

    @Override
    public int compareTo(NamespacedName other) {
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    // Written out, because what the compiler generates for records is slow without the server compiler, and names are
    // looked up all the time.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof NamespacedName(String otherNamespace, String otherName)
                        && name.equals(otherName)
                        && namespace.equals(otherNamespace);
    }

    @Override
    public int hashCode() {
        return 31 * namespace.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
