package fyr.dns.server;

import java.util.function.Supplier;

/** What is to be done about a packet. */
sealed interface Outcome {

    /** Send these bytes. */
    record Reply(byte[] bytes) implements Outcome {}

    /** Send the bytes that this gives; it may block for seconds. */
    record Later(Supplier<byte[]> bytes) implements Outcome {}

    /** It was no query. */
    record Nothing() implements Outcome {}
}
