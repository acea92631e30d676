package fyr.compiler.nft;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.Bitwise;
import fyr.kernel.nft.NftExpression.Compare;
import fyr.kernel.nft.NftExpression.Ct;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.Meta;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftExpression.Payload;
import fyr.kernel.nft.NftField;
import fyr.model.address.Family;
import java.util.List;

/** Loads the fields of a packet of one family into registers. */
public record PacketFields(Family family) {

    /** IP_CT_NEW as NF_CT_STATE_BIT gives it (include/uapi/linux/netfilter/nf_conntrack_common.h). */
    public static final int CT_NEW = 8;

    /** Bits of established and related connections. */
    public static final int CT_ESTABLISHED_OR_RELATED = 2 | 4;

    /** IPS_CONFIRMED: the connection has an entry in the table. */
    public static final int CT_CONFIRMED = 8;

    /** IPS_DST_NAT: the destination of the connection was translated. */
    public static final int CT_DESTINATION_TRANSLATED = 0x20;

    /** The number of registers that an address takes. */
    public int words() {
        return family.bytes() / 4;
    }

    /** The type of an address in sets. */
    public NftField address() {
        return switch (family) {
            case IPV4 -> NftField.IPV4_ADDR;
            case IPV6 -> NftField.IPV6_ADDR;
        };
    }

    /** Loads the source address (RFC 791 section 3.1, RFC 8200 section 3). */
    public NftExpression source(int register) {
        return new Payload(Base.NETWORK, family == Family.IPV4 ? 12 : 8, family.bytes(), register);
    }

    /** Loads the destination address. */
    public NftExpression destination(int register) {
        return new Payload(Base.NETWORK, family == Family.IPV4 ? 16 : 24, family.bytes(), register);
    }

    /** Loads the name of the link that the packet arrived on, into four registers. */
    public static NftExpression inputLink(int register) {
        return new Meta(MetaKey.IIFNAME, register);
    }

    /** Continues only for packets of this transport protocol. */
    public static List<NftExpression> ofProtocol(int number, int register) {
        return List.of(protocol(register), new Compare(register, Operator.EQUAL, Bytes.u8(number)));
    }

    /** Loads the transport protocol's number. */
    public static NftExpression protocol(int register) {
        return new Meta(MetaKey.L4PROTO, register);
    }

    /** Loads the source port, which is at the same offset in TCP, UDP and SCTP. */
    public static NftExpression sourcePort(int register) {
        return new Payload(Base.TRANSPORT, 0, 2, register);
    }

    /** Loads the destination port, which is at the same offset in TCP, UDP and SCTP. */
    public static NftExpression destinationPort(int register) {
        return new Payload(Base.TRANSPORT, 2, 2, register);
    }

    /** Continues only for the first packets of connections. */
    public static List<NftExpression> newConnection(int register) {
        return ctBits(CtKey.STATE, CT_NEW, register);
    }

    /** Continues only for packets that would enter a connection into the table. */
    public static List<NftExpression> unconfirmed(int register) {
        return ctBits(CtKey.STATUS, CT_CONFIRMED, register, Operator.EQUAL);
    }

    /** Continues only if one of these bits of the connection's state or status is set. */
    public static List<NftExpression> ctBits(CtKey key, int bits, int register) {
        return ctBits(key, bits, register, Operator.NOT_EQUAL);
    }

    /** Continues only for connections whose destination was not translated. */
    public static List<NftExpression> untranslated(int register) {
        return ctBits(CtKey.STATUS, CT_DESTINATION_TRANSLATED, register, Operator.EQUAL);
    }

    private static List<NftExpression> ctBits(CtKey key, int bits, int register, Operator comparedToNone) {
        return List.of(
                new Ct(key, register),
                new Bitwise(register, register, Bytes.host32(bits), Bytes.host32(0)),
                new Compare(register, comparedToNone, Bytes.host32(0)));
    }

    /** Continues unless the destination is in 127.0.0.0/8 or is ::1. */
    public List<NftExpression> destinationIsNotLoopback(int register) {
        return switch (family) {
            case IPV4 ->
                List.of(
                        destination(register),
                        new Bitwise(register, register, Bytes.u32(0xff000000), Bytes.u32(0)),
                        new Compare(register, Operator.NOT_EQUAL, Bytes.u32(0x7f000000)));
            case IPV6 ->
                List.of(
                        destination(register),
                        new Compare(
                                register,
                                Operator.NOT_EQUAL,
                                Bytes.concatenate(Bytes.u32(0), Bytes.u32(0), Bytes.u32(0), Bytes.u32(1))));
        };
    }
}
