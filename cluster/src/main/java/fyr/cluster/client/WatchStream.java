package fyr.cluster.client;

import java.io.IOException;
import java.util.Optional;

/** The answer to a watch: one JSON document for each event, as they happen. For one reader; may be closed from any thread. */
public sealed interface WatchStream extends AutoCloseable permits JsonLines, ProtobufFrames {

    /** The next document, empty when the server ended the watch; blocks until there is one. */
    Optional<byte[]> next() throws IOException;

    /** Whether the server compresses it. */
    boolean compressed();

    @Override
    void close() throws IOException;
}
