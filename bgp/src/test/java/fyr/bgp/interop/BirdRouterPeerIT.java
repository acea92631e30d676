package fyr.bgp.interop;

/** Beside BIRD. */
class BirdRouterPeerIT extends RouterScenarios {

    @Override
    Router make(Lan.Host host) {
        return new Bird(host);
    }
}
