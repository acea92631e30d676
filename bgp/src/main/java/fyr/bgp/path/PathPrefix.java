package fyr.bgp.path;

import fyr.model.address.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * A destination and which of several paths to it is meant (RFC 7911 section 3). Ordered by prefix, then identifier.
 *
 * @param id path identifier, an unsigned number; 0 where peers have not agreed to use them
 */
public record PathPrefix(int id, Prefix prefix) implements Comparable<PathPrefix> {

    /** The only path to a destination. */
    public static PathPrefix of(Prefix prefix) {
        return new PathPrefix(0, prefix);
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPrefix(int otherId, Prefix otherPrefix)
                && id == otherId
                && prefix.length() == otherPrefix.length()
                && prefix.address().equals(otherPrefix.address());
    }

    @Override
    public int hashCode() {
        return (31 * prefix.address().hashCode() + prefix.length()) * 31 + id;
    }

    @Override
    public int compareTo(PathPrefix other) {
        int byPrefix = prefix.compareTo(other.prefix);
        return byPrefix != 0 ? byPrefix : Integer.compareUnsigned(id, other.id);
    }

    @Override
    public String toString() {
        return id == 0 ? prefix.toString() : prefix + " path " + Integer.toUnsignedString(id);
    }
}
