package fyr.lab.api;

/** Kubeconfigs for a lab's API server, as YAML. */
public final class KubeconfigText {
    private static final String TEMPLATE = """
            apiVersion: v1
            kind: Config
            clusters: [{name: %1$s, cluster: {server: "%2$s"%3$s}}]
            users: [{name: %1$s, user: {%4$s}}]
            contexts: [{name: %1$s, context: {cluster: %1$s, user: %1$s}}]
            current-context: %1$s
            """;

    private KubeconfigText() {}

    /** For a server that asks nobody who they are. */
    public static String plain(String name, String server) {
        return TEMPLATE.formatted(name, server, "", "");
    }

    /** For a server with a certificate of its own making, which is not looked at, by a token. */
    public static String token(String name, String server, String token) {
        return TEMPLATE.formatted(name, server, ", insecure-skip-tls-verify: true", "token: " + token);
    }
}
