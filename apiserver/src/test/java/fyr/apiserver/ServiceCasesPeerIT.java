package fyr.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The answers that {@link ServiceCasesTest} expects are those of the real kube-apiserver. {@code -Dfyr.goldens=write} writes them. */
class ServiceCasesPeerIT {
    @TempDir(cleanup = CleanupMode.ALWAYS)
    Path folder;

    @Test
    void theExpectedAnswersAreThoseOfKubernetes() throws Exception {
        int port = freePort();
        Process plane = new ProcessBuilder(
                        System.getenv().getOrDefault("FYR_ROOT", "..") + "/scripts/api-server",
                        "--port",
                        "" + port,
                        "--etcd-port",
                        "" + freePort(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader output = plane.inputReader()) {
            assertThat(output.readLine()).startsWith("ready");
            try (HttpClient client =
                    HttpClient.newBuilder().sslContext(trusting()).build()) {
                compare(new ServiceCases(client, "https://127.0.0.1:" + port, token()));
            }
        } finally {
            plane.destroy();
            if (!plane.waitFor(10, TimeUnit.SECONDS)) {
                plane.destroyForcibly();
            }
        }
    }

    private static void compare(ServiceCases cases) throws IOException, InterruptedException {
        for (String file : ServiceCases.FILES) {
            String expected = ServiceCases.read(file);
            String actual = cases.run(expected);
            if ("write".equals(System.getProperty("fyr.goldens"))) {
                Files.writeString(ServiceCases.file(file), actual);
            } else {
                assertThat(actual.lines())
                        .as(file)
                        .containsExactlyElementsOf(expected.lines().toList());
            }
        }
    }

    private String token() throws IOException {
        return Files.readString(folder.resolve("tokens.csv")).split(",")[0];
    }

    private SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("apiserver.crt"))) {
            int number = 0;
            for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                trusted.setCertificateEntry("server" + number++, one);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
