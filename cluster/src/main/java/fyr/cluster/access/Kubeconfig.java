package fyr.cluster.access;

import fyr.cluster.yaml.ShallowComposer;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.constructor.StandardConstructor;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A kubeconfig file (kubernetes.io/docs/reference/config-api/kubeconfig.v1): its current context, with tokens and client certificates.
 * Plugins that would start a process are refused. Relative paths are relative to the file's own folder.
 */
public record Kubeconfig(Path file) implements AccessSource {

    @Override
    public Access read() {
        ConfigNode root = parse();
        String context = root.required("current-context");
        ConfigNode named = root.named("contexts", context, "context");
        ConfigNode cluster = root.named("clusters", named.required("cluster"), "cluster");
        Optional<ConfigNode> user =
                named.text("user").filter(u -> !u.isEmpty()).map(u -> root.named("users", u, "user"));
        refuseContradictions(cluster);
        user.ifPresent(Kubeconfig::refuseImpersonation);
        user.ifPresent(Kubeconfig::refusePlugins);
        URI server = server(cluster);
        boolean encrypted = "https".equals(server.getScheme());
        Optional<Tls> tls = encrypted ? Optional.of(tls(cluster, user)) : Optional.empty();
        return new Access(server, tls, user.map(this::token).orElseGet(Token.None::new));
    }

    private ConfigNode parse() {
        LoadSettings settings =
                LoadSettings.builder().setMaxAliasesForCollections(20).build();
        try {
            String text = Files.readString(file, StandardCharsets.UTF_8);
            Object tree = new StandardConstructor(settings)
                    .constructSingleDocument(new ShallowComposer(settings, text).getSingleNode());
            return ConfigNode.root(file.toString(), tree);
        } catch (IOException e) {
            throw new AccessException(file.toString(), "cannot be read: " + PemSource.reason(e));
        } catch (MarkedYamlEngineException e) {
            String line =
                    e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new AccessException(file + line, "not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new AccessException(
                    file.toString(),
                    "not YAML: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    /**
     * Fields that are not supported are refused: an agent that connects in another way than the file says, or with another identity, is
     * worse than none.
     */
    private static void refuseContradictions(ConfigNode cluster) {
        if (cluster.has("proxy-url")) {
            throw cluster.error(
                    "proxy-url", "proxies are not supported; name an address of the server that is reached directly");
        }
        for (String authority : List.of("certificate-authority", "certificate-authority-data")) {
            if (cluster.flag("insecure-skip-tls-verify") && cluster.has(authority)) {
                throw cluster.error(authority, "contradicts insecure-skip-tls-verify: true; leave one of the two");
            }
        }
    }

    private static void refuseImpersonation(ConfigNode user) {
        for (String field : List.of("as", "as-uid", "as-groups", "as-user-extra")) {
            if (user.has(field)) {
                throw user.error(field, "impersonation is not supported; use credentials of the account itself");
            }
        }
    }

    private static void refusePlugins(ConfigNode user) {
        for (String plugin : List.of("exec", "auth-provider")) {
            if (user.has(plugin)) {
                throw user.error(
                        plugin, "credential plugins are not run; use a token, tokenFile or client certificate");
            }
        }
        if (user.has("username")) {
            throw user.error("username", "API servers no longer take passwords; use a token or client certificate");
        }
    }

    private static URI server(ConfigNode cluster) {
        String text = cluster.required("server");
        try {
            URI server = new URI(text.contains("://") ? text : "https://" + text);
            if (server.getHost() != null && List.of("http", "https").contains(server.getScheme())) {
                return server;
            }
        } catch (java.net.URISyntaxException e) {
            throw cluster.error("server", "not a URL: '" + text + "'");
        }
        throw cluster.error("server", "not an http or https URL: '" + text + "'");
    }

    private Tls tls(ConfigNode cluster, Optional<ConfigNode> user) {
        Optional<PemSource> certificate = user.flatMap(u -> pem(u, "client-certificate"));
        Optional<PemSource> key = user.flatMap(u -> pem(u, "client-key"));
        if (certificate.isPresent() != key.isPresent()) {
            throw user.orElseThrow()
                    .error(
                            certificate.isPresent() ? "client-key" : "client-certificate",
                            "is missing beside the other one");
        }
        return new Tls(
                pem(cluster, "certificate-authority"),
                cluster.flag("insecure-skip-tls-verify"),
                cluster.text("tls-server-name"),
                certificate.map(c -> new Tls.ClientKey(c, key.orElseThrow())));
    }

    /** {@code FIELD-data} (base64) has precedence over {@code FIELD} (a file), as in client-go. */
    private Optional<PemSource> pem(ConfigNode node, String field) {
        Optional<String> data = node.text(field + "-data").filter(text -> !text.isEmpty());
        if (data.isPresent()) {
            try {
                return Optional.of(new PemSource(
                        node.where(field + "-data"), Base64.getMimeDecoder().decode(data.get())));
            } catch (IllegalArgumentException e) {
                throw node.error(field + "-data", "not base64");
            }
        }
        return node.text(field)
                .filter(text -> !text.isEmpty())
                .map(this::resolve)
                .map(path -> {
                    if (!Files.isReadable(path)) {
                        throw node.error(field, "no such readable file: " + path);
                    }
                    return new PemSource(path.toString(), PemSource.file(path));
                });
    }

    private Token token(ConfigNode user) {
        Optional<Path> tokenFile =
                user.text("tokenFile").filter(text -> !text.isEmpty()).map(this::resolve);
        if (tokenFile.isPresent()) { // has precedence over token, as in client-go
            return new Token.InFile(tokenFile.get());
        }
        return user.text("token")
                .filter(text -> !text.isEmpty())
                .<Token>map(text -> new Token.Fixed(Token.checked(user.where("token"), text)))
                .orElseGet(Token.None::new);
    }

    private Path resolve(String path) {
        return file.toAbsolutePath().resolveSibling(path);
    }
}
