package fyr.model.persistent;

import fyr.model.address.Family;
import fyr.model.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from blocks of addresses, of both families, that finds the blocks that overlap a given one. A path-compressed binary
 * trie (Morrison, "PATRICIA", 1968): each operation takes at most as many steps as an address has bits, and the same entries always give
 * the same shape. Safe on any thread.
 */
public final class PrefixMap<V> {

    private static final PrefixMap<?> EMPTY = new PrefixMap<>(null, null);

    private final @Nullable Fork<V> ipv4;
    private final @Nullable Fork<V> ipv6;

    /** A place in the trie; without a value it has two children. */
    private record Fork<V>(
            Prefix prefix,
            @Nullable V value,
            @Nullable Fork<V> zero,
            @Nullable Fork<V> one) {

        @Nullable
        Fork<V> child(boolean bit) {
            return bit ? one : zero;
        }

        Fork<V> withChild(boolean bit, @Nullable Fork<V> child) {
            return bit ? new Fork<>(prefix, value, zero, child) : new Fork<>(prefix, value, child, one);
        }
    }

    private PrefixMap(@Nullable Fork<V> ipv4, @Nullable Fork<V> ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** The map without entries. */
    @SuppressWarnings("unchecked") // holds nothing, so it is of every type
    public static <V> PrefixMap<V> empty() {
        return (PrefixMap<V>) EMPTY;
    }

    /** Whether there is no entry. */
    public boolean isEmpty() {
        return ipv4 == null && ipv6 == null;
    }

    private @Nullable Fork<V> root(Family family) {
        return family == Family.IPV4 ? ipv4 : ipv6;
    }

    private PrefixMap<V> withRoot(Family family, @Nullable Fork<V> root) {
        return family == Family.IPV4 ? new PrefixMap<>(root, ipv6) : new PrefixMap<>(ipv4, root);
    }

    /** This map with the block set to the value. */
    public PrefixMap<V> with(Prefix block, V value) {
        return withRoot(block.family(), insert(root(block.family()), block, value));
    }

    private static <V> Fork<V> insert(@Nullable Fork<V> fork, Prefix block, V value) {
        if (fork == null) {
            return new Fork<>(block, value, null, null);
        }
        if (fork.prefix.equals(block)) {
            return new Fork<>(block, value, fork.zero, fork.one);
        }
        if (fork.prefix.contains(block)) {
            boolean bit = block.address().bit(fork.prefix.length());
            return fork.withChild(bit, insert(fork.child(bit), block, value));
        }
        Prefix common = common(fork.prefix, block);
        Fork<V> above = common.equals(block)
                ? new Fork<>(block, value, null, null)
                : new Fork<V>(common, null, null, null)
                        .withChild(block.address().bit(common.length()), new Fork<>(block, value, null, null));
        return above.withChild(fork.prefix.address().bit(common.length()), fork);
    }

    private static Prefix common(Prefix left, Prefix right) {
        int length = 0;
        int longest = Math.min(left.length(), right.length());
        while (length < longest && left.address().bit(length) == right.address().bit(length)) {
            length++;
        }
        return Prefix.containing(left.address(), length);
    }

    /** This map without the block. */
    public PrefixMap<V> without(Prefix block) {
        return withRoot(block.family(), remove(root(block.family()), block));
    }

    private static <V> @Nullable Fork<V> remove(@Nullable Fork<V> fork, Prefix block) {
        if (fork == null || !fork.prefix.contains(block)) {
            return fork;
        }
        if (fork.prefix.equals(block)) {
            return compressed(new Fork<>(block, null, fork.zero, fork.one));
        }
        boolean bit = block.address().bit(fork.prefix.length());
        return compressed(fork.withChild(bit, remove(fork.child(bit), block)));
    }

    private static <V> @Nullable Fork<V> compressed(Fork<V> fork) {
        if (fork.value != null || fork.zero != null && fork.one != null) {
            return fork;
        }
        return fork.zero != null ? fork.zero : fork.one;
    }

    /** The value of exactly this block. */
    public Optional<V> get(Prefix block) {
        Fork<V> fork = root(block.family());
        while (fork != null && !fork.prefix.equals(block)) {
            fork = fork.prefix.contains(block) ? fork.child(block.address().bit(fork.prefix.length())) : null;
        }
        return fork == null ? Optional.empty() : Optional.ofNullable(fork.value);
    }

    /** The entries whose blocks have an address in common with this one: first those that contain it, then those within it, ascending. */
    public List<Map.Entry<Prefix, V>> overlapping(Prefix block) {
        List<Map.Entry<Prefix, V>> all = new ArrayList<>();
        visit(root(block.family()), block, (prefix, value) -> all.add(Map.entry(prefix, value)));
        return all;
    }

    /** The first of {@link #overlapping}. */
    public Optional<Map.Entry<Prefix, V>> firstOverlapping(Prefix block) {
        List<Map.Entry<Prefix, V>> first = new ArrayList<>(1);
        visit(root(block.family()), block, (prefix, value) -> {
            first.add(Map.entry(prefix, value));
            return false;
        });
        return first.stream().findFirst();
    }

    /** Continues for as long as the visitor returns true. */
    private static <V> boolean visit(@Nullable Fork<V> fork, Prefix block, BiPredicate<Prefix, V> visitor) {
        if (fork == null || !fork.prefix.overlaps(block)) {
            return true;
        }
        if (fork.value != null && !visitor.test(fork.prefix, fork.value)) {
            return false;
        }
        return visit(fork.zero, block, visitor) && visit(fork.one, block, visitor);
    }
}
