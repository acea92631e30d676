package fyr.apiserver;

import fyr.apiserver.http.ApiToken;

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

    /** For a server without TLS; kubectl sends no token there. */
    public static String plain(String name, String server, ApiToken token) {
        return TEMPLATE.formatted(name, server, "", user(token));
    }

    /** For a server with a self-signed certificate, which is not verified. */
    public static String unverified(String name, String server, ApiToken token) {
        return TEMPLATE.formatted(name, server, ", insecure-skip-tls-verify: true", user(token));
    }

    /** For a server with this certificate. */
    public static String verified(String name, String server, ServerCertificate certificate, ApiToken token) {
        return TEMPLATE.formatted(
                name, server, ", certificate-authority-data: " + certificate.authorityData(), user(token));
    }

    private static String user(ApiToken token) {
        return "token: \"" + token.text() + "\"";
    }
}
