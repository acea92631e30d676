package fyr.bgp.message;

import java.util.Optional;

/** What a speaker is to its external peer (RFC 9234 section 4.1); the ordinal is the value on the wire. */
public enum Role {
    PROVIDER,
    ROUTE_SERVER,
    ROUTE_SERVER_CLIENT,
    CUSTOMER,
    PEER;

    /** The role with this value on the wire, if there is one. */
    public static Optional<Role> of(int value) {
        return value >= 0 && value < values().length ? Optional.of(values()[value]) : Optional.empty();
    }

    /** The only role that the other side may have (RFC 9234 section 4.2, table 2). */
    public Role counterpart() {
        return switch (this) {
            case PROVIDER -> CUSTOMER;
            case CUSTOMER -> PROVIDER;
            case ROUTE_SERVER -> ROUTE_SERVER_CLIENT;
            case ROUTE_SERVER_CLIENT -> ROUTE_SERVER;
            case PEER -> PEER;
        };
    }
}
