package fyr.kernel.linux.nft;

import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Answer;
import fyr.kernel.nft.NftExpression.Base;
import fyr.kernel.nft.NftExpression.CtKey;
import fyr.kernel.nft.NftExpression.MetaKey;
import fyr.model.address.Family;
import java.util.Arrays;
import java.util.function.ToIntFunction;

/** The kernel's numbers for what expressions load and answer, in both directions. */
final class Codes {

    static final int IP_CT_DIR_ORIGINAL = 0;
    static final int NFT_CT_MARK = 3;

    private Codes() {}

    static int toKernel(Base base) {
        return switch (base) {
            case NETWORK -> 1;
            case TRANSPORT -> 2;
        };
    }

    static Base base(int number) {
        return search("payload base", number, Base.values(), Codes::toKernel);
    }

    static int toKernel(MetaKey key) {
        return switch (key) {
            case MARK -> 3;
            case IIF -> 4;
            case IIFNAME -> 6;
            case OIFNAME -> 7;
            case NFPROTO -> 15;
            case L4PROTO -> 16;
        };
    }

    static MetaKey metaKey(int number) {
        return search("meta", number, MetaKey.values(), Codes::toKernel);
    }

    /** NFT_CT_SRC_IP, NFT_CT_DST_IP and those of IPv6 instead of NFT_CT_SRC and NFT_CT_DST, whose length depends on the packet. */
    static int toKernel(CtKey key, Family family) {
        return switch (key) {
            case STATE -> 0;
            case STATUS -> 2;
            case MARK -> NFT_CT_MARK;
            case ORIGINAL_DESTINATION_PORT -> 12;
            case ORIGINAL_SOURCE ->
                switch (family) {
                    case IPV4 -> 19;
                    case IPV6 -> 21;
                };
            case ORIGINAL_DESTINATION ->
                switch (family) {
                    case IPV4 -> 20;
                    case IPV6 -> 22;
                };
        };
    }

    static CtKey ctKey(int number, Family family) {
        return search("ct", number, CtKey.values(), key -> toKernel(key, family));
    }

    /** Whether a direction has to be given. */
    static boolean isDirected(CtKey key) {
        return switch (key) {
            case ORIGINAL_SOURCE, ORIGINAL_DESTINATION, ORIGINAL_DESTINATION_PORT -> true;
            case STATE, STATUS, MARK -> false;
        };
    }

    /** RFC 792 and RFC 1812 section 5.2.7.1; RFC 4443 section 3.1. */
    static int icmpCode(Answer answer, Family family) {
        return switch (answer) {
            case PORT_UNREACHABLE ->
                switch (family) {
                    case IPV4 -> 3;
                    case IPV6 -> 4;
                };
            case ADMIN_PROHIBITED ->
                switch (family) {
                    case IPV4 -> 13;
                    case IPV6 -> 1;
                };
            case TCP_RESET -> 0;
        };
    }

    static Answer answer(int type, int code, Family family) {
        if (type == ExpressionWriter.Reject.NFT_REJECT_TCP_RST) {
            return Answer.TCP_RESET;
        }
        Answer[] unreachable = {Answer.PORT_UNREACHABLE, Answer.ADMIN_PROHIBITED};
        return search("reject type " + type, code, unreachable, answer -> icmpCode(answer, family));
    }

    static NftExpression.Operator operator(int number) {
        return search("comparison", number, NftExpression.Operator.values(), Enum::ordinal);
    }

    private static <T> T search(String what, int number, T[] values, ToIntFunction<T> toKernel) {
        return Arrays.stream(values)
                .filter(value -> toKernel.applyAsInt(value) == number)
                .findFirst()
                .orElseThrow(() -> new UnknownObject(what + " " + number));
    }
}
