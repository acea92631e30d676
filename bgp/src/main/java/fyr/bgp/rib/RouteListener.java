package fyr.bgp.rib;

import fyr.model.address.Family;

/** Learns which destinations have other best paths than before. */
@FunctionalInterface
public interface RouteListener {

    /** Called once for each such destination when {@link Rib#settle} has chosen; the destination may have no path left. */
    void changed(Family family, Destination destination);
}
