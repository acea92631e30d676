package fyr.cluster.manifest;

/** A file that cannot be read as manifests; the message is one line and begins with {@code file:line}. */
public final class ManifestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    ManifestException(String where, String what) {
        super(where + ": " + what.replaceAll("\\s+", " ")); // libraries break their lines
    }
}
