package fyr.compiler.service.frontend;

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
public record FrontendKey(Family family, boolean nodePort, Bytes bytes) {

    /** That of a frontend. */
    public static FrontendKey of(Frontend frontend) {
        return switch (frontend) {
            case Frontend.AtAddress at ->
                new FrontendKey(at.family(), false, Bytes.concatenate(bytes(at.address()), port(at)));
            case Frontend.NodePort at -> new FrontendKey(at.family(), true, port(at));
        };
    }

    /** Protocol and port. */
    private static Bytes port(Frontend frontend) {
        return Bytes.concatenate(Bytes.u8(frontend.protocol().number()), Bytes.u16(frontend.port()));
    }

    /** An address as a key has it. */
    public static Bytes bytes(IpAddress address) {
        return Bytes.of(address.toBytes());
    }

    /** Address and port of an endpoint. */
    public static Bytes bytes(Backend backend) {
        return Bytes.concatenate(bytes(backend.address()), Bytes.u16(backend.port()));
    }
}
