package fyr.cluster.client;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * One request.
 *
 * @param path begins with a slash, query included, already encoded
 * @param compressed whether the answer may come in gzip; long lists are a tenth of the size then
 * @param patience how long to wait for the answer to begin
 */
record Call(
        String method, String path, Optional<String> contentType, byte[] body, boolean compressed, Duration patience) {

    private static final Duration USUAL = Duration.ofSeconds(30);
    /** Servers before 1.33 put a whole list together before they send its first byte. */
    private static final Duration LIST = Duration.ofSeconds(60);

    static Call get(String path, boolean compressed) {
        return new Call("GET", path, Optional.empty(), new byte[0], compressed, compressed ? LIST : USUAL);
    }

    static Call with(String method, String path, String contentType, byte[] body) {
        return new Call(method, path, Optional.of(contentType), body, false, USUAL);
    }

    HttpRequest.BodyPublisher publisher() {
        return body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
    }
}
