package fyr.compiler.service;

import fyr.kernel.nft.Bytes;
import fyr.model.address.IpAddress;

/** Where an endpoint takes the connections of one port. */
record Backend(IpAddress address, int port) implements Comparable<Backend> {

    /** As a value of the maps of backends. */
    Bytes bytes() {
        return Bytes.concatenate(ServiceFragment.bytes(address), Bytes.u16(port));
    }

    @Override
    public int compareTo(Backend other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(port, other.port);
    }
}
