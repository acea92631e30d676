package fyr.cluster.client;

/** How a patch body is meant, by its media type. */
public enum Patch {
    /** RFC 6902. */
    JSON("application/json-patch+json"),
    /** RFC 7386. */
    MERGE("application/merge-patch+json"),
    /** Kubernetes' own, lists merged by key. */
    STRATEGIC("application/strategic-merge-patch+json"),
    /** Server-side apply; the path needs {@code fieldManager}. */
    APPLY("application/apply-patch+yaml");

    private final String mediaType;

    Patch(String mediaType) {
        this.mediaType = mediaType;
    }

    /** The value of Content-Type. */
    public String mediaType() {
        return mediaType;
    }
}
