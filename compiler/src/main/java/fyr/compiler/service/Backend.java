package fyr.compiler.service;

import fyr.model.address.IpAddress;

/** Where an endpoint takes the connections of one port. */
public record Backend(IpAddress address, int port) implements Comparable<Backend> {

    @Override
    public int compareTo(Backend other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }
}
