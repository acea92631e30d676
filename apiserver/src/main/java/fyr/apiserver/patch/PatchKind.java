package fyr.apiserver.patch;

/** The patch formats of the API. */
public enum PatchKind {
    /** RFC 7396. */
    MERGE,
    /** Kubernetes' merge patch that knows the keys of lists. */
    STRATEGIC,
    /** RFC 6902. */
    JSON,
    /** Server-side apply, simplified: a strategic merge of what is applied; fields that are no longer applied stay. */
    APPLY
}
