package fyr.agent.announce;

import java.time.Duration;

/** The times of the agreement between nodes, in nanoseconds. */
final class Timing {

    /** Between two claims of the same address. */
    static final long BEAT = Duration.ofMillis(100).toNanos();

    /**
     * How long a grant holds: a voter keeps to it from when it received the claim, and the claimant relies on it from when it sent the claim,
     * which was earlier. So nobody relies on what others have forgotten, whatever the network delays.
     */
    static final long HOLD = Duration.ofMillis(500).toNanos();

    /** By which the claimant's clock may be slower than a voter's within {@link #HOLD}; oscillators differ by a thousandth of this. */
    static final long MARGIN = Duration.ofMillis(10).toNanos();

    /** A claimant that was not heard for so long is not there: it has missed three beats. */
    static final long FRESH = Duration.ofMillis(350).toNanos();

    /** How long an address that nobody has held is kept, so that all claimants are heard before one is chosen. */
    static final long SETTLE = Duration.ofMillis(250).toNanos();

    /** How long a better claimant must be there before an address is taken from one that holds it. */
    static final long STEADY = Duration.ofSeconds(2).toNanos();

    private Timing() {}
}
