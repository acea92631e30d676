package fyr.model.policy;

import fyr.model.Protocol;

/** Ports of one protocol, at the destination of the traffic. */
public sealed interface PolicyPort {

    /** The protocol; TCP where the policy names none. */
    Protocol protocol();

    /** All ports of the protocol. */
    record All(Protocol protocol) implements PolicyPort {}

    /** The ports from {@code first} to {@code last}, both included; 1 to 65535. */
    record Range(Protocol protocol, int first, int last) implements PolicyPort {
        public Range {
            if (first < 1 || last > 65535 || first > last) {
                throw new IllegalArgumentException("not a range of ports: " + first + " to " + last);
            }
        }
    }

    /** The port that the destination pod's containers call by this name; of no meaning for other destinations. */
    record Named(Protocol protocol, String name) implements PolicyPort {}
}
