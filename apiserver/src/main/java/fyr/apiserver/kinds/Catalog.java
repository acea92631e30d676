package fyr.apiserver.kinds;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The kinds that a server serves now: those that it began with, and those that definitions have added. Safe on any thread. */
public final class Catalog {
    private volatile List<Resource> all;

    /** Begins with these. */
    public Catalog(List<Resource> first) {
        this.all = List.copyOf(first);
    }

    /** All kinds, in the order of discovery. */
    public List<Resource> all() {
        return all;
    }

    /** The kind served under this group, version and plural name. */
    public Optional<Resource> find(String group, String version, String plural) {
        return all.stream()
                .filter(one -> one.plural().equals(plural)
                        && one.group().equals(group)
                        && one.version().equals(version))
                .findFirst();
    }

    /** Serves these versions of a kind in place of those that were served. */
    public synchronized void serve(String group, String plural, List<Resource> versions) {
        List<Resource> next = new ArrayList<>(all);
        next.removeIf(one -> one.group().equals(group) && one.plural().equals(plural));
        next.addAll(versions);
        all = List.copyOf(next);
    }
}
