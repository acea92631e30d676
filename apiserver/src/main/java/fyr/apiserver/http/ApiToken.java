package fyr.apiserver.http;

import com.sun.net.httpserver.HttpExchange;
import fyr.apiserver.object.StatusException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * The one secret that gives access to a lab's API server: its port is open to every user of the machine, and whoever writes objects can
 * start programs and create networks.
 */
public record ApiToken(String text) {
    private static final String SCHEME = "bearer ";
    /** What Kubernetes, too, serves without credentials (ClusterRole system:public-info-viewer). */
    private static final Set<String> PUBLIC = Set.of("/healthz", "/livez", "/readyz", "/version");

    /** A fresh one of 128 random bits. */
    public static ApiToken fresh() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return new ApiToken(HexFormat.of().formatHex(bytes));
    }

    /** Accepts a request that carries this token (RFC 6750, section 2.1) or asks for public information; returns a 401 for any other. */
    void check(HttpExchange exchange) {
        String path = Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("");
        String header = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .orElse("");
        boolean same = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                && MessageDigest.isEqual(
                        header.substring(SCHEME.length()).strip().getBytes(StandardCharsets.UTF_8),
                        text.getBytes(StandardCharsets.UTF_8));
        boolean reads = exchange.getRequestMethod().equals("GET");
        if (!same && !(reads && PUBLIC.contains(path))) {
            throw StatusException.of(401, "Unauthorized", "Unauthorized: the lab's kubeconfig has the token");
        }
    }

    @Override
    public String toString() {
        return "ApiToken[...]"; // a secret stays out of logs
    }
}
