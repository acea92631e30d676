package fyr.kernel;

/** A hint that something changed; never the truth about what is there now, which only listing tells. */
public sealed interface KernelEvent {

    /** A table may differ from what it was. {@code deletion} tells that something was removed; {@code detail} is for people. */
    record Changed(Subject subject, boolean deletion, String detail) implements KernelEvent {}

    /** The kernel could not keep up and dropped notifications (ENOBUFS): everything may have changed. */
    record Overrun() implements KernelEvent {}

    /** What an event is about. */
    enum Subject {
        LINK,
        ADDRESS,
        ROUTE,
        NEIGHBOUR,
        NFT,
        SYSCTL
    }
}
