package fyr.apiserver.http;

import fyr.apiserver.kinds.Catalog;
import fyr.apiserver.kinds.Resource;
import fyr.apiserver.store.Registry;
import fyr.apiserver.store.Store;
import java.util.List;
import java.util.Optional;

/**
 * What a path of the API names.
 *
 * @param namespace empty for kinds without, or for all
 * @param name empty for the collection
 * @param part {@code status}, {@code scale}, …; empty for the object itself
 */
record Target(Resource resource, String namespace, String name, String part) {

    /** Empty when the path is none of a kind that is served. */
    static Optional<Target> parse(Catalog catalog, List<String> path) {
        if (path.contains("")) {
            return Optional.empty();
        }
        if (path.size() >= 3 && path.get(0).equals("api")) {
            return under(catalog, "", path.get(1), path.subList(2, path.size()));
        }
        if (path.size() >= 4 && path.get(0).equals("apis")) {
            return under(catalog, path.get(1), path.get(2), path.subList(3, path.size()));
        }
        return Optional.empty();
    }

    private static Optional<Target> under(Catalog catalog, String group, String version, List<String> rest) {
        boolean namespaced = rest.size() >= 3
                && rest.get(0).equals("namespaces")
                && !(group.isEmpty() && List.of("status", "finalize").contains(rest.get(2)));
        String namespace = namespaced ? rest.get(1) : "";
        List<String> path = namespaced ? rest.subList(2, rest.size()) : rest;
        if (path.size() > 3) {
            return Optional.empty();
        }
        String name = path.size() > 1 ? path.get(1) : "";
        String part = path.size() > 2 ? path.get(2) : "";
        return catalog.find(group, version, path.getFirst())
                .filter(resource -> resource.namespaced() ? namespaced || name.isEmpty() : !namespaced)
                .map(resource -> new Target(resource, namespace, name, part));
    }

    /** The kind under which the objects are kept. */
    Resource stored() {
        return resource.stored();
    }

    Store.Key key() {
        return Registry.key(stored(), namespace, name);
    }
}
