package fyr.model.address;

import java.util.List;
import java.util.Optional;

/**
 * Addresses that no machine and no pod can have as a reachable address (the special-purpose registries of RFC 6890). Class E, 240.0.0.0/4,
 * is not among them: Linux supports it, and some clusters use it for pods.
 */
public final class SpecialAddresses {

    private record Special(Prefix prefix, String what) {}

    private static final List<Special> ALL = List.of(
            special("0.0.0.0/8", "unspecified"),
            special("127.0.0.0/8", "loopback"),
            special("169.254.0.0/16", "link-local"),
            special("224.0.0.0/4", "multicast"),
            special("255.255.255.255/32", "broadcast"),
            special("::/128", "unspecified"),
            special("::1/128", "loopback"),
            special("::/96", "IPv4-compatible"),
            special("::ffff:0:0/96", "IPv4-mapped"),
            special("fe80::/10", "link-local"),
            special("ff00::/8", "multicast"));

    private SpecialAddresses() {}

    private static Special special(String prefix, String what) {
        return new Special(Prefix.parse(prefix), what);
    }

    /** All of them. */
    public static List<Prefix> blocks() {
        return ALL.stream().map(Special::prefix).toList();
    }

    /** The kind of special address, as an adjective: {@code loopback}; empty for an ordinary address. */
    public static Optional<String> kind(IpAddress address) {
        for (Special special : ALL) {
            if (special.prefix.contains(address)) {
                return Optional.of(special.what);
            }
        }
        return Optional.empty();
    }

    /** The kind of special addresses that a block contains or lies in; empty if all of its addresses are ordinary. */
    public static Optional<String> kind(Prefix block) {
        return ALL.stream()
                .filter(special -> special.prefix.overlaps(block))
                .map(Special::what)
                .findFirst();
    }
}
