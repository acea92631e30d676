package fyr.bgp.interop;

/** Beside FRR. */
class FrrRouterPeerIT extends CompleteRouterScenarios {

    @Override
    Router make(Lan.Host host) {
        return new Frr(host);
    }
}
