package fyr.compiler.service.cases;

import fyr.model.EndpointSlice;
import fyr.model.Locality;
import fyr.model.address.Family;
import java.util.List;
import java.util.Optional;

/** An endpoint of a sketch. */
record EndpointDraft(Place place, boolean ready, boolean serving, boolean terminating, Locality.Hints hints) {

    static EndpointDraft ready(Place place) {
        return new EndpointDraft(place, true, true, false, Locality.Hints.NONE);
    }

    /** It terminates and still answers. */
    static EndpointDraft draining(Place place) {
        return new EndpointDraft(place, false, true, true, Locality.Hints.NONE);
    }

    /** It terminates and does not answer any more. */
    static EndpointDraft dead(Place place) {
        return new EndpointDraft(place, false, false, true, Locality.Hints.NONE);
    }

    /** It does not answer yet. */
    static EndpointDraft unready(Place place) {
        return new EndpointDraft(place, false, false, false, Locality.Hints.NONE);
    }

    EndpointDraft forZones(String... zones) {
        return new EndpointDraft(place, ready, serving, terminating, new Locality.Hints(List.of(zones), hints.nodes()));
    }

    EndpointDraft forNodes(String... nodes) {
        return new EndpointDraft(place, ready, serving, terminating, new Locality.Hints(hints.zones(), List.of(nodes)));
    }

    EndpointSlice.Endpoint in(Family family) {
        Locality at = place.locality();
        return new EndpointSlice.Endpoint(
                List.of(place.in(family)),
                new EndpointSlice.Traits(
                        ready, serving, terminating, Optional.empty(), new Locality(at.node(), at.zone(), hints)));
    }
}
