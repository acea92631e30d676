package fyr.cluster.client;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/**
 * One request.
 *
 * @param path begins with a slash, query included, already encoded
 * @param accept the media types that the answer may have
 * @param compressed whether the answer may be compressed with gzip; long lists are a tenth of the size then
 * @param patience how long to wait for the answer to begin
 */
record Call(
        String method,
        String path,
        Optional<String> contentType,
        byte[] body,
        String accept,
        boolean compressed,
        Duration patience) {

    static final String JSON = "application/json";
    static final String PROTOBUF = "application/vnd.kubernetes.protobuf";

    static Call get(String path, Duration patience) {
        return new Call("GET", path, Optional.empty(), new byte[0], JSON, false, patience);
    }

    /** Protobuf if the server supports it. */
    Call concise() {
        return new Call(method, path, contentType, body, PROTOBUF + "," + JSON, compressed, patience);
    }

    Call compress() {
        return new Call(method, path, contentType, body, accept, true, patience);
    }

    static Call with(String method, String path, String contentType, byte[] body, Duration patience) {
        return new Call(method, path, Optional.of(contentType), body, JSON, false, patience);
    }

    /** Whether it changes nothing, so that it may be sent again even if the first one may have arrived. */
    boolean harmless() {
        return method.equals("GET");
    }

    HttpRequest.BodyPublisher publisher() {
        return body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body);
    }
}
