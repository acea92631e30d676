package fyr.apiserver.kinds;

/** What names of objects look like. */
public enum NameRule {
    /** A label of DNS. */
    LABEL,
    /** Labels of DNS with dots between them. */
    SUBDOMAIN,
    /** Anything that fits into a path. */
    PATH_SEGMENT
}
