package fyr.kernel.linux.ipvs;

import static fyr.kernel.linux.ipvs.Ipvs.*;

import fyr.kernel.ipvs.RealServer;
import fyr.kernel.ipvs.RealServerKey;
import fyr.kernel.ipvs.VirtualServerKey;
import fyr.kernel.linux.netlink.Attribute;
import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.linux.netlink.Message;
import fyr.kernel.linux.netlink.MessageWriter;
import java.util.Optional;
import java.util.OptionalInt;

/** Real servers as messages of netlink. */
final class RealServerMessages {

    private static final int MOST_WEIGHT = 65_535;

    /**
     * A real server as the kernel has it.
     *
     * @param server empty if it takes no new connections (weight 0)
     * @param connections those that it has, in any state
     */
    record Found(RealServerKey key, Optional<RealServer> server, long connections) {}

    private RealServerMessages() {}

    static MessageWriter list(int family, VirtualServerKey of) {
        return VirtualServerMessages.start(family, IPVS_CMD_GET_DEST)
                .nested(IPVS_CMD_ATTR_SERVICE, service -> VirtualServerMessages.name(service, of));
    }

    static MessageWriter delete(int family, RealServerKey key) {
        return start(family, IPVS_CMD_DEL_DEST, key).nested(IPVS_CMD_ATTR_DEST, real -> name(real, key));
    }

    /** IPVS_CMD_NEW_DEST or IPVS_CMD_SET_DEST, which need the same. */
    static MessageWriter put(int family, int command, RealServerKey key, int weight) {
        return start(family, command, key).nested(IPVS_CMD_ATTR_DEST, real -> {
            name(real, key);
            real.u32(IPVS_DEST_ATTR_FWD_METHOD, IP_VS_CONN_F_MASQ)
                    .u32(IPVS_DEST_ATTR_WEIGHT, weight)
                    .u32(IPVS_DEST_ATTR_U_THRESH, 0)
                    .u32(IPVS_DEST_ATTR_L_THRESH, 0);
        });
    }

    private static MessageWriter start(int family, int command, RealServerKey key) {
        return VirtualServerMessages.start(family, command)
                .nested(IPVS_CMD_ATTR_SERVICE, service -> VirtualServerMessages.name(service, key.server()));
    }

    private static void name(MessageWriter real, RealServerKey key) {
        real.bytes(IPVS_DEST_ATTR_ADDR, VirtualServerMessages.bytes(key.address()))
                .be16(IPVS_DEST_ATTR_PORT, key.port())
                .u16(
                        IPVS_DEST_ATTR_ADDR_FAMILY,
                        VirtualServerMessages.number(key.address().family()));
    }

    /** A real server of this virtual server; empty for one whose address cannot be read. */
    static Optional<Found> read(VirtualServerKey of, Message message) {
        Attributes real = message.attributes(GENL_HDRLEN).nested(IPVS_CMD_ATTR_DEST);
        int family = real.get(IPVS_DEST_ATTR_ADDR_FAMILY)
                .map(Attribute::u16)
                .orElse(VirtualServerMessages.number(of.address().family()));
        return VirtualServerMessages.address(real, IPVS_DEST_ATTR_ADDR, family)
                .map(address -> new Found(
                        new RealServerKey(
                                of, address, real.be16(IPVS_DEST_ATTR_PORT).orElse(0)),
                        server(real),
                        number(real, IPVS_DEST_ATTR_ACTIVE_CONNS) + number(real, IPVS_DEST_ATTR_INACT_CONNS)));
    }

    private static long number(Attributes real, int type) {
        OptionalInt value = real.u32(type);
        return Integer.toUnsignedLong(value.orElse(0));
    }

    private static Optional<RealServer> server(Attributes real) {
        int weight = real.u32(IPVS_DEST_ATTR_WEIGHT).orElse(0);
        int method = real.u32(IPVS_DEST_ATTR_FWD_METHOD).orElse(-1) & IP_VS_CONN_F_FWD_MASK;
        boolean plain = method == IP_VS_CONN_F_MASQ
                && real.u32(IPVS_DEST_ATTR_U_THRESH).orElse(0) == 0
                && real.u32(IPVS_DEST_ATTR_L_THRESH).orElse(0) == 0;
        if (weight == 0) {
            return Optional.empty();
        }
        return Optional.of(
                plain && weight > 0 && weight <= MOST_WEIGHT
                        ? new RealServer.Masqueraded(weight)
                        : new RealServer.Foreign("forwarding method " + method + " weight " + weight));
    }
}
