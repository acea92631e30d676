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

    static Call get(String path, boolean compressed, Duration patience) {
        return new Call("GET", path, Optional.empty(), new byte[0], compressed, patience);
    }

    static Call with(String method, String path, String contentType, byte[] body, Duration patience) {
        return new Call(method, path, Optional.of(contentType), body, false, patience);
    }

    /** Whether it changes nothing, hence may be sent again though the first one may have arrived. */
    boolean harmless() {
        return method.equals("GET");
    }

    HttpRequest.BodyPublisher publisher() {
        return body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
    }
}
