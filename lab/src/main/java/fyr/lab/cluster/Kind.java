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
        namespace.ifPresent(text -> segment("namespace", text));
        name.ifPresent(text -> segment("metadata.name", text));
        return (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion
                + namespace.filter(_ -> namespaced).map(n -> "/namespaces/" + n).orElse("") + "/" + plural
                + name.map(n -> "/" + n).orElse("");
    }

    /** Without its name an object's path is that of the whole collection, which must not be deleted by mistake (apimachinery's IsValidPathSegmentName). */
    private static void segment(String what, String text) {
        if (text.isEmpty()) {
            throw new LabException(what + " is missing: only an object that has one can be applied, read or deleted");
        } else if (text.equals(".") || text.equals("..") || !text.matches("[A-Za-z0-9._:-]+")) {
            throw new LabException(what + " '" + text + "' is no name");
        }
    }
}
