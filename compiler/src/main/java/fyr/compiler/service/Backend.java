package fyr.compiler.service;

import fyr.model.address.IpAddress;
import org.jspecify.annotations.Nullable;

/** Where an endpoint takes the connections of one port. */
public record Backend(IpAddress address, int port) implements Comparable<Backend> {

    // Written out, because what the compiler generates for records is slow without the server compiler, and a change of
    // a large Service
    // compares all its endpoints.
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || other instanceof Backend(IpAddress otherAddress, int otherPort)
                        && port == otherPort
                        && address.equals(otherAddress);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    @Override
    public int compareTo(Backend other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }
}
