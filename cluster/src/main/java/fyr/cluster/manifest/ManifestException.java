package fyr.cluster.manifest;

/** A file that cannot be read as manifests; the message is one line and begins with {@code file:line}. */
public final class ManifestException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int line;

    ManifestException(String file, String what) {
        this(file, 0, what);
    }

    /** {@code line} counts from 1; 0 if it is about the file as a whole. */
    ManifestException(String file, int line, String what) {
        super((line == 0 ? file : file + ":" + line) + ": "
                + what.replaceAll("\\s+", " ")); // libraries break their lines
        this.line = line;
    }

    int line() {
        return line;
    }
}
