package fyr.bgp.session;

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

    @Override
    public String toString() {
        return side.name().toLowerCase() + " " + number;
    }
}
