package fyr.bgp.session;

import org.jspecify.annotations.Nullable;

/**
 * One TCP connection with the peer. Each has a name of its own, so that what is still reported of a closed one is not mistaken.
 *
 * @param number of outgoing connections, counted by the state machine; of incoming ones, chosen by whoever accepts them, never the same twice
 */
public record Line(Side side, long number) {

    /** Who made the connection. */
    public enum Side {
        OUTGOING,
        INCOMING
    }

    // Written out, because what the compiler generates for records is slow without the server compiler.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Line(Side otherSide, long otherNumber) && side == otherSide && number == otherNumber;
    }

    @Override
    public int hashCode() {
        return 31 * side.ordinal() + Long.hashCode(number);
    }

    @Override
    public String toString() {
        return side.name().toLowerCase() + " " + number;
    }
}
