package fyr.bgp.interop;

import fyr.bgp.path.PeerAddress;

/** Beside GoBGP, which has no roles, and whose soft reset asks nobody. */
class GoBgpRouterPeerIT extends RouterScenarios {

    @Override
    Router make(Lan.Host host) {
        return new GoBgp(host);
    }

    /** GoBGP is always its own next hop towards external peers. */
    @Override
    PeerAddress hop(Router announcing, Router between) {
        return PeerAddress.of(between.host.v4());
    }
}
