package fyr.cluster.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import fyr.cluster.client.ApiClient;
import fyr.cluster.client.UnreachableException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {

    @TempDir
    Path folder;

    @BeforeEach
    void keys() throws Exception {
        OpenSsl openssl = new OpenSsl(folder);
        openssl.run("ecparam -name prime256v1 -genkey -out server.key");
        openssl.certify("server.key", "server.crt");
        openssl.run("ecparam -name prime256v1 -genkey -out client.key");
        openssl.certify("client.key", "client.crt");
    }

    private Access read(String cluster, String user) throws Exception {
        return new Kubeconfig(write(cluster, user)).read();
    }

    private Path write(String cluster, String user) throws Exception {
        return Files.writeString(folder.resolve("config"), """
            apiVersion: v1
            kind: Config
            current-context: b
            contexts: [{name: a, context: {cluster: x, user: x}}, {name: b, context: {cluster: c, user: u, namespace: n}}]
            clusters: [{name: c, cluster: {%s}}]
            users: [{name: u, user: {%s}}]
            """.formatted(cluster, user));
    }

    @Test
    void tokensAndTheirFiles() throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "one\n");
        assertThat(read("server: 'https://h:1'", "token: t").token().value()).contains("t");
        Token token =
                read("server: 'https://h:1'", "token: t, tokenFile: token").token();
        assertThat(token.value()).contains("one");
        Files.writeString(folder.resolve("fresh"), "two");
        Files.move(folder.resolve("fresh"), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertThat(token.value()).contains("two");
        Access plain = read("server: 'http://127.0.0.1:8080/base'", "");
        assertThat(plain).isEqualTo(Access.plain(URI.create("http://127.0.0.1:8080/base")));
        assertThat(read("server: 'https://h:1'", "token: t")).isEqualTo(read("server: 'https://h:1'", "token: t"));
    }

    @Test
    void anEmptyCurrentContextIsNone() throws Exception {
        Path file = Files.writeString(folder.resolve("config"), "current-context: ''\ncontexts: []\n");
        assertThatThrownBy(() -> new Kubeconfig(file).read()).hasMessageEndingWith("current-context: is missing");
    }

    @Test
    void aSecretIsNeverQuoted() throws Exception {
        Token inFile = new Token.InFile(Files.writeString(folder.resolve("token"), "se\ncret"));
        assertThatThrownBy(inFile::value)
                .hasMessageContaining("not a token")
                .message()
                .doesNotContain("cret");
        assertThatThrownBy(() -> read("server: 'https://h'", "token: \"se\\ncret\""))
                .hasMessageContaining("users[u].user.token")
                .message()
                .doesNotContain("cret");
        assertThat(read("server: 'https://h'", "token: secret").toString()).doesNotContain("cret");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "server: 'https://h'|exec: {command: aws}|users[u].user.exec: credential plugins are not run",
                "server: 'https://h'|auth-provider: {name: gcp}|users[u].user.auth-provider: credential plugins are not run",
                "server: 'https://h'|username: a, password: b|users[u].user.username: API servers no longer take passwords",
                "x: y|token: t|clusters[c].cluster.server: is missing",
                "server: 'ftp://h'|token: t|clusters[c].cluster.server: not an http or https URL",
                "server: 'https://h', certificate-authority: none|token: t|clusters[c].cluster.certificate-authority: no such readable file",
                "server: 'https://h', certificate-authority-data: '!'|token: t|no PEM block CERTIFICATE",
                "server: 'https://h'|client-certificate: client.crt|users[u].user.client-key: is missing beside",
                "server: 'https://h'|client-certificate: client.crt, client-key: client.crt|no PEM block PRIVATE KEY",
                "server: 'https://h'|token: 'two words'|users[u].user.token: not a token",
                "server: 'https://h', proxy-url: 'http://p'|token: t|clusters[c].cluster.proxy-url: proxies are not supported",
                "server: 'https://h', insecure-skip-tls-verify: true, certificate-authority: x|token: t|cluster.certificate-authority: contradicts",
                "server: 'https://h', insecure-skip-tls-verify: true, certificate-authority-data: x|token: t|certificate-authority-data: contradicts",
                "server: 'https://h'|token: t, as: admin|users[u].user.as: impersonation is not supported",
                "server: 'https://h'|token: t, as-uid: '1'|users[u].user.as-uid: impersonation",
                "server: 'https://h'|token: t, as-groups: [a]|users[u].user.as-groups: impersonation",
                "server: 'https://h'|token: t, as-user-extra: {a: [b]}|users[u].user.as-user-extra: impersonation",
                "server: [|token: t|config:"
            })
    void complaintsNameFileAndField(String cluster, String user, String message) {
        assertThatThrownBy(() -> read(cluster, user).tls().orElseThrow().context())
                .isInstanceOf(AccessException.class)
                .hasMessageContaining(message)
                .message()
                .startsWith(folder.toString())
                .doesNotContain("\n");
    }

    @Test
    void clientCertificatesAndAuthoritiesWorkOverTls() throws Exception {
        HttpsServer server = server();
        try {
            String address = "server: 'https://127.0.0.1:" + server.getAddress().getPort() + "'";
            String user = "client-certificate: client.crt, client-key: client.key";
            assertThat(ask(address + ", certificate-authority: server.crt", user))
                    .isEqualTo("CN=test");
            assertThat(ask(
                            address + ", certificate-authority-data: " + base64("server.crt"),
                            "client-certificate-data: " + base64("client.crt") + ", client-key-data: "
                                    + base64("client.key")))
                    .isEqualTo("CN=test");
            assertThat(ask(address + ", insecure-skip-tls-verify: true", user)).isEqualTo("CN=test");
            assertThat(ask(address + ", certificate-authority: server.crt, tls-server-name: real.example", user))
                    .isEqualTo("CN=test");
            assertThat(ask(address + ", certificate-authority: server.crt, tls-server-name: a.wild.example", user))
                    .isEqualTo("CN=test");
            for (String distrusted : new String[] {
                ", certificate-authority: client.crt",
                "",
                ", certificate-authority: server.crt, tls-server-name: other.example",
                ", certificate-authority: server.crt, tls-server-name: a.b.wild.example"
            }) {
                assertThatThrownBy(() -> ask(address + distrusted, user))
                        .as(distrusted)
                        .isInstanceOf(UnreachableException.class);
            }
        } finally {
            server.stop(0);
        }
    }

    @Test
    void anAuthorityThatWasReplacedIsReadAgain() throws Exception {
        HttpsServer server = server();
        String address = "server: 'https://127.0.0.1:" + server.getAddress().getPort() + "', certificate-authority: ";
        String user = "client-certificate: client.crt, client-key: client.key";
        Path file = write(address + "client.crt", user);
        try (ApiClient client = ApiClient.connect(new Kubeconfig(file))) {
            assertThatThrownBy(() -> client.get("/")).isInstanceOf(UnreachableException.class);
            var _ = write(address + "server.crt", user);
            assertThat(client.get("/")).asString(StandardCharsets.UTF_8).isEqualTo("CN=test");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void theServerIsAskedForByItsName() throws Exception {
        HttpsServer server = server();
        String cluster = "server: 'https://127.0.0.1:" + server.getAddress().getPort()
                + "/sni', certificate-authority: server.crt, tls-server-name: real.example";
        try {
            assertThat(ask(cluster, "client-certificate: client.crt, client-key: client.key"))
                    .contains("real.example");
        } finally {
            server.stop(0);
        }
    }

    private String ask(String cluster, String user) throws Exception {
        try (ApiClient client = ApiClient.connect(new Kubeconfig(write(cluster, user)))) {
            return new String(client.get("/"), StandardCharsets.UTF_8);
        }
    }

    /** Answers with the name in the client's certificate, or below /sni with the name it was asked for by. */
    private HttpsServer server() throws Exception {
        Tls own = new Tls(
                Optional.of(pem("client.crt")),
                false,
                Optional.empty(),
                Optional.of(new Tls.ClientKey(pem("server.crt"), pem("server.key"))));
        var context = own.context();
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters ssl = context.getDefaultSSLParameters();
                ssl.setNeedClientAuth(true);
                parameters.setSSLParameters(ssl);
            }
        });
        server.createContext("/", exchange -> {
            byte[] name = ((HttpsExchange) exchange)
                    .getSSLSession()
                    .getPeerPrincipal()
                    .getName()
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, name.length);
            exchange.getResponseBody().write(name);
            exchange.close();
        });
        server.createContext("/sni", exchange -> {
            ExtendedSSLSession session = (ExtendedSSLSession) ((HttpsExchange) exchange).getSSLSession();
            byte[] names = session.getRequestedServerNames().toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, names.length);
            exchange.getResponseBody().write(names);
            exchange.close();
        });
        server.start();
        return server;
    }

    private PemSource pem(String file) {
        return new PemSource(file, PemSource.file(folder.resolve(file)));
    }

    private String base64(String file) throws Exception {
        return Base64.getEncoder().encodeToString(Files.readAllBytes(folder.resolve(file)));
    }

    @Test
    void inClusterComesFromFilesAndEnvironment() throws Exception {
        Files.copy(folder.resolve("server.crt"), folder.resolve("ca.crt"));
        Files.writeString(folder.resolve("token"), "secret");
        Access access = new InCluster(
                        folder,
                        Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"),
                        Optional.empty())
                .read();
        assertThat(access.server()).isEqualTo(URI.create("https://[fd00::1]:443"));
        assertThat(access.token().value()).contains("secret");
        assertThat(access.tls().orElseThrow().context()).isNotNull();
        assertThat(new InCluster(folder, Map.of(), Optional.of("cp.example:6443")).read())
                .isEqualTo(new Access(URI.create("https://cp.example:6443"), access.tls(), access.token()));
        assertThatThrownBy(() -> new InCluster(folder, Map.of(), Optional.empty()).read())
                .hasMessage(
                        "environment: KUBERNETES_SERVICE_HOST is not set: not in a pod; give a kubeconfig file instead");
    }

    @Test
    void whoCannotReachTheVirtualAddressIsToldWhatToDo() throws Exception {
        Files.copy(folder.resolve("server.crt"), folder.resolve("ca.crt"));
        Files.writeString(folder.resolve("token"), "secret");
        Map<String, String> nobody = Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1", "KUBERNETES_SERVICE_PORT", "1");
        try (ApiClient client = ApiClient.connect(new InCluster(folder, nobody, Optional.empty()));
                ApiClient told = ApiClient.connect(new InCluster(folder, nobody, Optional.of("127.0.0.1:1")))) {
            assertThatThrownBy(() -> client.get("/"))
                    .isInstanceOf(UnreachableException.class)
                    .hasMessageContaining("--api-server");
            assertThatThrownBy(() -> ask("server: 'https://no.such.host.invalid:1'", ""))
                    .hasMessage("https://no.such.host.invalid:1: no such host");
            assertThatThrownBy(() -> told.get("/"))
                    .isInstanceOf(UnreachableException.class)
                    .message()
                    .isEqualTo("https://127.0.0.1:1: nobody listens there");
        }
    }
}
