package fyr.compiler.service.nft;

import fyr.compiler.service.Backend;
import fyr.compiler.service.Frontend;
import fyr.kernel.nft.Bytes;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;

/**
 * A frontend as the key of an element.
 *
 * @param bytes address, protocol and port; a node port's without the address
 */
record FrontendKey(Family family, boolean nodePort, Bytes bytes) {

    static FrontendKey of(Frontend frontend) {
        return switch (frontend) {
            case Frontend.AtAddress at ->
                new FrontendKey(at.family(), false, Bytes.concatenate(bytes(at.address()), port(at)));
            case Frontend.NodePort at -> new FrontendKey(at.family(), true, port(at));
        };
    }

    private static Bytes port(Frontend frontend) {
        return Bytes.concatenate(Bytes.u8(frontend.protocol().number()), Bytes.u16(frontend.port()));
    }

    /** The maps for connections that begin anywhere, or not on this node. */
    ServiceMaps maps() {
        return nodePort ? ServiceMaps.NODE_PORT : ServiceMaps.ADDRESS;
    }

    /** The maps for connections that begin on this node, if they go elsewhere. */
    ServiceMaps mapsHere() {
        return nodePort ? ServiceMaps.NODE_PORT_HERE : ServiceMaps.ADDRESS_HERE;
    }

    static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }

    static Bytes bytes(Backend backend) {
        return Bytes.concatenate(bytes(backend.address()), Bytes.u16(backend.port()));
    }
}
