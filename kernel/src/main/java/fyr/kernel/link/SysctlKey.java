package fyr.kernel.link;

import fyr.model.address.Family;
import java.util.Set;

/** A file below /proc/sys, with slashes: {@code net/ipv4/ip_forward}. */
public record SysctlKey(String path) implements Comparable<SysctlKey> {

    private static final String OF_IPV4_LINKS = "net/ipv4/conf/";
    private static final String OF_IPV6_LINKS = "net/ipv6/conf/";

    /** Names in place of a link name that do not denote a link. */
    private static final Set<String> NO_LINKS = Set.of("all", "default");

    public SysctlKey {
        if (!path.matches("net/[a-zA-Z0-9_./-]+") || path.contains("..")) {
            throw new IllegalArgumentException("not a setting below net/: " + path);
        }
    }

    /** A setting of one link in one family: {@code net/ipv6/conf/eth0/accept_ra}. */
    public static SysctlKey ofLink(Family family, String link, String name) {
        return new SysctlKey(
                switch (family) {
                    case IPV4 -> OF_IPV4_LINKS + link + "/" + name;
                    case IPV6 -> OF_IPV6_LINKS + link + "/" + name;
                });
    }

    /** Whether this is a setting of one link, which comes and goes with the link. */
    public boolean isOfLink() {
        boolean below = path.startsWith(OF_IPV4_LINKS) || path.startsWith(OF_IPV6_LINKS);
        return below
                && !NO_LINKS.contains(path.substring(OF_IPV4_LINKS.length()).split("/", 2)[0]);
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
