package fyr.kernel.link;

/** A file below /proc/sys, with slashes: {@code net/ipv4/ip_forward}. */
public record SysctlKey(String path) implements Comparable<SysctlKey> {

    public SysctlKey {
        if (!path.matches("net/[a-zA-Z0-9_./-]+") || path.contains("..")) {
            throw new IllegalArgumentException("not a setting below net/: " + path);
        }
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
