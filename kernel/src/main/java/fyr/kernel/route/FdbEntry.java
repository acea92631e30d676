package fyr.kernel.route;

import fyr.model.address.IpAddress;

/** The tunnel endpoint that frames for an Ethernet address are sent to. */
public record FdbEntry(IpAddress remote) {
    @Override
    public String toString() {
        return "dst " + remote;
    }
}
