package fyr.cluster.client;

import fyr.cluster.access.Access;
import fyr.cluster.access.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * A connection to the server with the credentials it was created with. Over TLS all requests share one HTTP/2 connection; without TLS it
 * uses HTTP/1.1.
 */
record Connection(Access access, Optional<String> token, HttpClient http, Line line) {

    private static final Duration CONNECT = Duration.ofSeconds(10);

    static Connection open(Access access) {
        HttpClient.Builder http = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .version(access.tls().isPresent() ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("api-client").factory()));
        access.tls().map(Tls::context).ifPresent(http::sslContext);
        access.tls().flatMap(Tls::nameToAskFor).ifPresent(http::sslParameters);
        return new Connection(access, access.token().value(), http.build(), new Line());
    }

    /** Whether the server answers anything at all. The path is one that servers answer also if they are overloaded (API Priority and Fairness). */
    boolean answers(Duration patience) throws InterruptedException {
        try {
            send(Call.get("/livez", patience)).body().close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    HttpResponse<InputStream> send(Call call) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(call.path()))
                .timeout(call.patience())
                .header("Accept", call.accept())
                .header("User-Agent", "fyr")
                .method(call.method(), call.publisher());
        access.token().value().ifPresent(token -> request.header("Authorization", "Bearer " + token));
        call.contentType().ifPresent(type -> request.header("Content-Type", type));
        if (call.compressed()) {
            request.header("Accept-Encoding", "gzip");
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    private URI uri(String path) {
        String server = access.server().toString();
        return URI.create(server.endsWith("/") ? server.substring(0, server.length() - 1) + path : server + path);
    }

    /** Without the token, to keep it out of logs. */
    @Override
    public String toString() {
        return "Connection[" + access.server() + "]";
    }
}
