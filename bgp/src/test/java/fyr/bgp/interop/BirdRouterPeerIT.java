package fyr.bgp.interop;

/** Beside BIRD. */
class BirdRouterPeerIT extends CompleteRouterScenarios {

    @Override
    Router make(Lan.Host host) {
        return new Bird(host);
    }
}
