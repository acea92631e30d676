package fyr.cluster.access;

import java.net.URI;
import java.util.Optional;

/**
 * Where the API server is, and how to speak to it. Two readings of the same unchanged files are equal.
 *
 * @param server {@code http://} or {@code https://}, a path allowed
 * @param tls whom to trust and who we are, empty for plain HTTP
 */
public record Access(URI server, Optional<Tls> tls, Token token) {

    /** Plain HTTP without credentials, for a server of one's own on a private address. */
    public static Access plain(URI server) {
        return new Access(server, Optional.empty(), new Token.None());
    }
}
