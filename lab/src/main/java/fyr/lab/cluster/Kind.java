package fyr.lab.cluster;

import java.util.List;
import java.util.Optional;

/** A kind of object as the API server describes it (APIResource of meta/v1). */
public record Kind(String apiVersion, String kind, String plural, boolean namespaced, List<String> names) {

    public Kind {
        names = List.copyOf(names);
    }

    /** The path of the collection, or of one object in it. Namespace empty means all of them. */
    String path(Optional<String> namespace, Optional<String> name) {
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion
                + namespace.filter(_ -> namespaced).map(n -> "/namespaces/" + n).orElse("") + "/" + plural
                + name.map(n -> "/" + n).orElse("");
    }
}
