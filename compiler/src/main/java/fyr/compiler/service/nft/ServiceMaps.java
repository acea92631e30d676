package fyr.compiler.service.nft;

import fyr.compiler.service.frontend.FrontendKey;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftVerdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The maps that a connection to a frontend is looked up in: by kind of frontend, and by where the connection begins. */
enum ServiceMaps {
    /** Frontends at an address, for all connections or, if some begin on this node and go elsewhere, for the others. */
    ADDRESS("", ""),
    /** The same for connections that begin on this node, of services that lead them elsewhere than others. */
    ADDRESS_HERE("", "-here"),
    /** Node ports. */
    NODE_PORT("node-port-", ""),
    /** Node ports for connections that begin on this node, of services that lead them elsewhere than others. */
    NODE_PORT_HERE("node-port-", "-here");

    private final String prefix;
    private final String suffix;
    private final String chains;
    private final String backends;
    private final String affine;

    /** By tier. There are few of them, and each is the value of many elements. */
    private final Map<Integer, NftObject> leading = new HashMap<>();

    ServiceMaps(String prefix, String suffix) {
        this.prefix = prefix;
        this.suffix = suffix;
        this.chains = (prefix.isEmpty() ? "services" : "node-ports") + suffix;
        this.backends = prefix + "backends" + suffix;
        this.affine = prefix + "affine-backends" + suffix;
        ServiceTier.all()
                .forEach(tier ->
                        leading.put(tier, new NftObject.Element(Optional.empty(), new NftData.Verdict(pick(tier)))));
    }

    /** Those for connections that begin anywhere, or not on this node. */
    static ServiceMaps of(FrontendKey frontend) {
        return frontend.nodePort() ? NODE_PORT : ADDRESS;
    }

    /** Those for connections that begin on this node, if they go elsewhere. */
    static ServiceMaps ofHere(FrontendKey frontend) {
        return frontend.nodePort() ? NODE_PORT_HERE : ADDRESS_HERE;
    }

    /** The element that leads to the chain of this tier. */
    NftObject leadingTo(int tier) {
        return Optional.ofNullable(leading.get(tier)).orElseThrow();
    }

    /** Whether a key has no address. */
    boolean isNodePort() {
        return !prefix.isEmpty();
    }

    /** Leads to the chain that picks a slot. */
    String chains() {
        return chains;
    }

    /** Gives the endpoint in a slot. */
    String backends() {
        return backends;
    }

    /** The endpoints that a client may have had before, of services with affinity. */
    String affine() {
        return affine;
    }

    /** The chain that picks one of the slots of this tier. */
    NftVerdict.Goto pick(int tier) {
        return new NftVerdict.Goto("pick-" + prefix + tier + suffix);
    }
}
