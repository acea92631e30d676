package fyr.bgp.session;

/** The AS number that a peer is expected to have. */
public sealed interface ExpectedAs {

    /** Whether it may have this one. */
    boolean permits(long as, long local);

    /** A certain one, 1 to 4294967295. */
    record Exactly(long as) implements ExpectedAs {
        @Override
        public boolean permits(long other, long local) {
            return other == as;
        }
    }

    /** The own one. */
    record Internal() implements ExpectedAs {
        @Override
        public boolean permits(long other, long local) {
            return other == local;
        }
    }

    /** Any but the own one. */
    record External() implements ExpectedAs {
        @Override
        public boolean permits(long other, long local) {
            return other != local;
        }
    }
}
