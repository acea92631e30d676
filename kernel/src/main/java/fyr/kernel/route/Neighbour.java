package fyr.kernel.route;

import fyr.model.address.MacAddress;

/** A permanent neighbour (NUD_PERMANENT): never asked for, never aged. */
public record Neighbour(MacAddress mac) {
    @Override
    public String toString() {
        return "lladdr " + mac;
    }
}
