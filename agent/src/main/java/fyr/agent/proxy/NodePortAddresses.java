package fyr.agent.proxy;

import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code nodePortAddresses}: at which of the node's addresses its node ports are served. An empty one leaves it to the mode: {@code all} with
 * iptables and ipvs, {@code primary} with nftables.
 */
public record NodePortAddresses(Set<Keyword> keywords, List<Prefix> blocks) {

    /** Nothing is said. */
    public static final NodePortAddresses UNSET = new NodePortAddresses(Set.of(), List.of());

    private static final List<Prefix> LOOPBACK = List.of(Prefix.parse("127.0.0.0/8"), Prefix.parse("::1/128"));

    public NodePortAddresses {
        keywords = Set.copyOf(keywords);
        blocks = List.copyOf(blocks);
    }

    /** A word that stands for addresses. */
    public enum Keyword {
        /** The first address of each family in the Node object. */
        PRIMARY,
        /** The loopback addresses. */
        LOCALHOST,
        /** Every address. */
        ALL;

        /** The keyword with this name; empty if there is none. */
        static Optional<Keyword> of(String text) {
            return switch (text) {
                case "primary" -> Optional.of(PRIMARY);
                case "localhost" -> Optional.of(LOCALHOST);
                case "all" -> Optional.of(ALL);
                default -> Optional.empty();
            };
        }
    }

    /** Whether nothing is said. */
    public boolean isUnset() {
        return keywords.isEmpty() && blocks.isEmpty();
    }

    /**
     * Whether node ports are served at an address of the node. As in kube-proxy, a family that no entry names is served at all addresses.
     *
     * @param primary the node's first address of that family; empty if it has none
     */
    public boolean select(IpAddress address, Optional<IpAddress> primary) {
        boolean named = keywords.contains(Keyword.LOCALHOST)
                || keywords.contains(Keyword.PRIMARY) && primary.isPresent()
                || blocks.stream().anyMatch(block -> block.family() == address.family());
        return !named
                || keywords.contains(Keyword.ALL)
                || keywords.contains(Keyword.PRIMARY) && primary.equals(Optional.of(address))
                || keywords.contains(Keyword.LOCALHOST) && LOOPBACK.stream().anyMatch(block -> block.contains(address))
                || blocks.stream().anyMatch(block -> block.contains(address));
    }
}
