package fyr.dns.server;

import java.util.function.Supplier;

/** What is to be done about a packet. */
sealed interface Outcome {

    /** Send these bytes, which answer the same query as long as names lead to the same, if they are lasting. */
    record Reply(byte[] bytes, boolean lasting) implements Outcome {

        Reply(byte[] bytes) {
            this(bytes, false);
        }
    }

    /** Send the bytes that this gives; it may block for seconds. */
    record Later(Supplier<byte[]> bytes) implements Outcome {}

    /** It was no query. */
    record Nothing() implements Outcome {}
}
