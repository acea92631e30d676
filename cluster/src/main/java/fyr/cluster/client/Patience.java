package fyr.cluster.client;

import java.time.Duration;

/**
 * How long an {@link ApiClient} waits before it takes a server for lost; tests bring their own.
 *
 * @param answer for the answer to a request to begin
 * @param list the same for a list
 * @param body for more of an answer that has begun
 * @param watch for the next word of a watch
 * @param quiet until a server that says nothing is asked for a sign of life, which may take twice as long
 */
public record Patience(Duration answer, Duration list, Duration body, Duration watch, Duration quiet) {

    /** What the agent uses. */
    public static Patience standard() {
        return new Patience(
                Duration.ofSeconds(30),
                Duration.ofSeconds(60), // servers before 1.33 put a whole list together before they send its first byte
                Duration.ofSeconds(60),
                Duration.ofSeconds(130), // a bookmark comes each minute; the connection is lost after twice that
                Duration.ofSeconds(5));
    }
}
