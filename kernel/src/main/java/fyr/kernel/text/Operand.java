package fyr.kernel.text;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.kernel.nft.NftKey;
import fyr.model.address.Family;

/**
 * What a register holds, as nft writes it.
 *
 * @param text such as {@code ip saddr}
 * @param words how many registers it takes
 * @param notation how constants that it is compared with are written
 */
record Operand(String text, int words, Notation notation) {

    static Operand payload(Family family, Base base, int offset, int length) {
        int words = length + 3 >> 2;
        boolean four = family == Family.IPV4;
        if (base == Base.NETWORK && length == family.bytes()) {
            if (offset == (four ? 12 : 8)) {
                return new Operand(NftKey.word(family) + " saddr", words, Notation.ADDRESS);
            }
            if (offset == (four ? 16 : 24)) {
                return new Operand(NftKey.word(family) + " daddr", words, Notation.ADDRESS);
            }
        }
        if (base == Base.TRANSPORT && length == 2 && offset <= 2) {
            return new Operand(offset == 0 ? "th sport" : "th dport", words, Notation.NUMBER);
        }
        String header = base == Base.NETWORK ? "@nh" : "@th";
        return new Operand(header + "," + 8 * offset + "," + 8 * length, words, Notation.HEX);
    }

    static Operand meta(MetaKey key) {
        return switch (key) {
            case L4PROTO -> new Operand("meta l4proto", 1, Notation.PROTOCOL);
            case NFPROTO -> new Operand("meta nfproto", 1, Notation.FAMILY);
            case IIF -> new Operand("iif", 1, Notation.HOST_NUMBER);
            case IIFNAME -> new Operand("iifname", 4, Notation.LINK);
            case OIFNAME -> new Operand("oifname", 4, Notation.LINK);
            case MARK -> new Operand("meta mark", 1, Notation.MARK);
        };
    }

    static Operand connection(Family family, CtKey key) {
        return switch (key) {
            case STATE -> new Operand("ct state", 1, Notation.STATE);
            case STATUS -> new Operand("ct status", 1, Notation.STATUS);
            case MARK -> new Operand("ct mark", 1, Notation.MARK);
            case ORIGINAL_SOURCE ->
                new Operand("ct original " + NftKey.word(family) + " saddr", family.bytes() / 4, Notation.ADDRESS);
            case ORIGINAL_DESTINATION ->
                new Operand("ct original " + NftKey.word(family) + " daddr", family.bytes() / 4, Notation.ADDRESS);
            case ORIGINAL_DESTINATION_PORT -> new Operand("ct original proto-dst", 1, Notation.NUMBER);
        };
    }

    static Operand constant(Bytes value) {
        return new Operand(Notation.HEX.of(value), value.length() + 3 >> 2, Notation.HEX);
    }
}
