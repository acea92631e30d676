package fyr.kernel.link;

import fyr.model.address.Family;
import java.util.Optional;
import java.util.Set;

/** A file below /proc/sys, with slashes: {@code net/ipv4/ip_forward}. */
public record SysctlKey(String path) implements Comparable<SysctlKey> {

    private static final String OF_IPV4_LINKS = "net/ipv4/conf/";
    private static final String OF_IPV6_LINKS = "net/ipv6/conf/";

    /** Names in place of a link name that do not denote a link. */
    private static final Set<String> NO_LINKS = Set.of("all", "default");

    public SysctlKey {
        // The name of a link may have any character but blanks, slashes and colons (dev_valid_name in net/core/dev.c).
        if (!path.matches("net/[!-~]+") || path.matches("(.*/)?\\.\\.?(/.*)?")) {
            throw new IllegalArgumentException("not a setting below net/: " + path);
        }
    }

    /** A setting of one link in one family: {@code net/ipv6/conf/eth0/accept_ra}. */
    public static SysctlKey ofLink(Family family, String link, String name) {
        return new SysctlKey(folder(family) + link + "/" + name);
    }

    private static String folder(Family family) {
        return switch (family) {
            case IPV4 -> OF_IPV4_LINKS;
            case IPV6 -> OF_IPV6_LINKS;
        };
    }

    /**
     * A setting of one link, which comes and goes with the link.
     *
     * @param name what is set: {@code accept_ra}
     */
    public record OfLink(Family family, String link, String name) {}

    /** This setting as one of a link; empty if it belongs to the whole node. */
    public Optional<OfLink> ofLink() {
        return path.startsWith(OF_IPV4_LINKS) ? below(Family.IPV4) : below(Family.IPV6);
    }

    private Optional<OfLink> below(Family family) {
        String folder = folder(family);
        int end = path.indexOf('/', folder.length());
        if (!path.startsWith(folder) || end < 0) {
            return Optional.empty();
        }
        String link = path.substring(folder.length(), end);
        return NO_LINKS.contains(link)
                ? Optional.empty()
                : Optional.of(new OfLink(family, link, path.substring(end + 1)));
    }

    @Override
    public int compareTo(SysctlKey other) {
        return path.compareTo(other.path);
    }

    @Override
    public String toString() {
        return path;
    }
}
