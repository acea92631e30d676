package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.NFTA_DATA_VALUE;
import static fyr.kernel.linux.nft.NfTables.NFTA_EXPR_DATA;
import static fyr.kernel.linux.nft.NfTables.NFTA_EXPR_NAME;
import static fyr.kernel.linux.nft.NfTables.NFTA_LIST_ELEM;
import static fyr.kernel.linux.nft.Registers.NFT_REG_VERDICT;
import static fyr.kernel.linux.nft.Registers.toKernel;

import fyr.kernel.linux.netlink.MessageWriter;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.model.address.Family;
import java.util.function.Consumer;

/** Writes expressions (NFTA_EXPR_NAME and NFTA_EXPR_DATA); the attributes in each are numbered as the kernel's enums nft_..._attributes. */
final class ExpressionWriter {

    private ExpressionWriter() {}

    static void write(MessageWriter out, Family family, NftExpression expression) {
        switch (expression) {
            case NftExpression.Payload(var base, int offset, int length, int register) ->
                named(
                        out,
                        "payload",
                        data -> data.be32(Payload.DREG, toKernel(register))
                                .be32(Payload.BASE, Codes.toKernel(base))
                                .be32(Payload.OFFSET, offset)
                                .be32(Payload.LEN, length));
            case NftExpression.Meta(var key, int register) ->
                named(
                        out,
                        "meta",
                        data -> data.be32(Meta.KEY, Codes.toKernel(key)).be32(Meta.DREG, toKernel(register)));
            case NftExpression.Ct ct -> named(out, "ct", data -> conntrack(data, family, ct));
            case NftExpression.SetCtMark(int register) ->
                named(out, "ct", data -> data.be32(Ct.KEY, Codes.NFT_CT_MARK).be32(Ct.SREG, toKernel(register)));
            case NftExpression.Compare(int register, var operator, Bytes value) ->
                named(
                        out,
                        "cmp",
                        data -> data.be32(Cmp.SREG, toKernel(register))
                                .be32(Cmp.OP, operator.ordinal())
                                .nested(Cmp.DATA, constant(value)));
            case NftExpression.Bitwise bitwise -> named(out, "bitwise", data -> bitwise(data, bitwise));
            case NftExpression.Member(String set, int register, boolean inverted) ->
                named(
                        out,
                        "lookup",
                        data -> lookup(data, set, register).be32(Lookup.FLAGS, inverted ? Lookup.NFT_LOOKUP_F_INV : 0));
            case NftExpression.MapLookup(String map, int register, int destination) ->
                named(out, "lookup", data -> lookup(data, map, register).be32(Lookup.DREG, toKernel(destination)));
            case NftExpression.VerdictLookup(String map, int register) ->
                named(out, "lookup", data -> lookup(data, map, register).be32(Lookup.DREG, NFT_REG_VERDICT));
            case NftExpression.Random(int modulus, int register) ->
                named(
                        out,
                        "numgen",
                        data -> data.be32(Numgen.DREG, toKernel(register))
                                .be32(Numgen.MODULUS, modulus)
                                .be32(Numgen.TYPE, Numgen.NFT_NG_RANDOM)
                                .be32(Numgen.OFFSET, 0));
            case NftExpression.Immediate(int register, Bytes value) ->
                named(
                        out,
                        "immediate",
                        data -> data.be32(Immediate.DREG, toKernel(register)).nested(Immediate.DATA, constant(value)));
            case NftExpression.Verdict(var verdict) ->
                named(
                        out,
                        "immediate",
                        data -> data.be32(Immediate.DREG, NFT_REG_VERDICT)
                                .nested(Immediate.DATA, value -> Verdicts.write(value, verdict)));
            case NftExpression.DestinationNat nat -> named(out, "nat", data -> destinationNat(data, family, nat));
            case NftExpression.Masquerade(boolean random) -> named(out, "masq", data -> masquerade(data, random));
            case NftExpression.Reject(var answer) -> named(out, "reject", data -> reject(data, family, answer));
            case NftExpression.FibDestinationType(int register) ->
                named(
                        out,
                        "fib",
                        data -> data.be32(Fib.FLAGS, Fib.NFTA_FIB_F_DADDR)
                                .be32(Fib.RESULT, Fib.NFT_FIB_RESULT_ADDRTYPE)
                                .be32(Fib.DREG, toKernel(register)));
            case NftExpression.OverRate rate -> named(out, "dynset", data -> overRate(data, rate));
            case NftExpression.OverCount count -> named(out, "dynset", data -> overCount(data, count));
            case NftExpression.Remember remember -> named(out, "dynset", data -> remember(data, remember));
            case NftExpression.Forget(String map, int register, int value) ->
                named(
                        out,
                        "dynset",
                        data -> dynset(data, map, Dynset.NFT_DYNSET_OP_DELETE, register)
                                .be32(Dynset.SREG_DATA, toKernel(value)));
            case NftExpression.Counter() -> named(out, "counter", _ -> {});
            case NftExpression.NoTrack() -> named(out, "notrack", _ -> {});
            case NftExpression.Log log -> named(out, "log", data -> log(data, log));
        }
    }

    private static void named(MessageWriter out, String name, Consumer<MessageWriter> data) {
        out.string(NFTA_EXPR_NAME, name).nested(NFTA_EXPR_DATA, data);
    }

    private static Consumer<MessageWriter> constant(Bytes value) {
        return data -> data.bytes(NFTA_DATA_VALUE, value.toArray());
    }

    private static void conntrack(MessageWriter data, Family family, NftExpression.Ct ct) {
        data.be32(Ct.KEY, Codes.toKernel(ct.key(), family)).be32(Ct.DREG, toKernel(ct.register()));
        if (Codes.isDirected(ct.key())) {
            data.u8(Ct.DIRECTION, Codes.IP_CT_DIR_ORIGINAL);
        }
    }

    private static void bitwise(MessageWriter data, NftExpression.Bitwise bitwise) {
        data.be32(Bitwise.SREG, toKernel(bitwise.source()))
                .be32(Bitwise.DREG, toKernel(bitwise.destination()))
                .be32(Bitwise.LEN, bitwise.mask().length())
                .nested(Bitwise.MASK, constant(bitwise.mask()))
                .nested(Bitwise.XOR, constant(bitwise.xor()));
    }

    private static MessageWriter lookup(MessageWriter data, String set, int register) {
        return data.string(Lookup.SET, set).be32(Lookup.SREG, toKernel(register));
    }

    private static void destinationNat(MessageWriter data, Family family, NftExpression.DestinationNat nat) {
        data.be32(Nat.TYPE, Nat.NFT_NAT_DNAT)
                .be32(Nat.FAMILY, Families.toKernel(family))
                .be32(Nat.REG_ADDR_MIN, toKernel(nat.addressRegister()));
        nat.portRegister().ifPresent(register -> data.be32(Nat.REG_PROTO_MIN, toKernel(register)));
    }

    private static void masquerade(MessageWriter data, boolean randomPorts) {
        if (randomPorts) {
            data.be32(Masq.FLAGS, Masq.NF_NAT_RANGE_PROTO_RANDOM_FULLY);
        }
    }

    private static void reject(MessageWriter data, Family family, NftExpression.Answer answer) {
        data.be32(
                        Reject.TYPE,
                        answer == NftExpression.Answer.TCP_RESET
                                ? Reject.NFT_REJECT_TCP_RST
                                : Reject.NFT_REJECT_ICMP_UNREACH)
                .u8(Reject.ICMP_CODE, Codes.icmpCode(answer, family));
    }

    /** Two expressions for each key: the second is reached by packets that the first lets pass (__nft_set_elem_update_expr). */
    private static void overRate(MessageWriter data, NftExpression.OverRate rate) {
        dynset(data, rate.meter(), Dynset.NFT_DYNSET_OP_UPDATE, rate.register())
                .be32(Dynset.FLAGS, Dynset.NFT_DYNSET_F_EXPR)
                .nested(
                        Dynset.EXPRESSIONS,
                        list -> list.nested(NFTA_LIST_ELEM, item -> named(item, "limit", limit -> limit(limit, rate)))
                                .nested(NFTA_LIST_ELEM, item -> named(item, "counter", _ -> {})));
    }

    /** Only an addition: an update is about times, which a set with this expression does not have (nft_dynset_init). */
    private static void overCount(MessageWriter data, NftExpression.OverCount count) {
        dynset(data, count.meter(), Dynset.NFT_DYNSET_OP_ADD, count.register())
                .be32(Dynset.FLAGS, Dynset.NFT_DYNSET_F_EXPR)
                .nested(
                        Dynset.EXPRESSIONS,
                        list -> list.nested(
                                        NFTA_LIST_ELEM,
                                        item -> named(
                                                item,
                                                "connlimit",
                                                limit -> limit.be32(Connlimit.COUNT, count.most())
                                                        .be32(Connlimit.FLAGS, Connlimit.NFT_CONNLIMIT_F_INV)))
                                .nested(NFTA_LIST_ELEM, item -> named(item, "counter", _ -> {})));
    }

    private static void remember(MessageWriter data, NftExpression.Remember remember) {
        dynset(data, remember.map(), Dynset.NFT_DYNSET_OP_UPDATE, remember.register())
                .be32(Dynset.SREG_DATA, toKernel(remember.data()))
                .be64(Dynset.TIMEOUT, remember.seconds() * 1000L);
    }

    private static MessageWriter dynset(MessageWriter data, String set, int operation, int register) {
        return data.string(Dynset.SET_NAME, set).be32(Dynset.OP, operation).be32(Dynset.SREG_KEY, toKernel(register));
    }

    private static void limit(MessageWriter data, NftExpression.OverRate rate) {
        data.be64(Limit.RATE, rate.perSecond())
                .be64(Limit.UNIT, 1)
                .be32(Limit.BURST, rate.burst())
                .be32(Limit.TYPE, Limit.NFT_LIMIT_PKTS)
                .be32(Limit.FLAGS, Limit.NFT_LIMIT_F_INV);
    }

    private static void log(MessageWriter data, NftExpression.Log log) {
        log.group().ifPresent(group -> data.be16(Log.GROUP, group));
        log.prefix().ifPresent(prefix -> data.string(Log.PREFIX, prefix));
    }

    /** enum nft_dynset_attributes. */
    static final class Dynset {
        static final int SET_NAME = 1;
        static final int OP = 3;
        static final int SREG_KEY = 4;
        static final int SREG_DATA = 5;
        static final int TIMEOUT = 6;
        static final int EXPRESSION = 7;
        static final int FLAGS = 9;
        static final int EXPRESSIONS = 10;
        static final int NFT_DYNSET_OP_ADD = 0;
        static final int NFT_DYNSET_OP_UPDATE = 1;
        static final int NFT_DYNSET_OP_DELETE = 2;
        static final int NFT_DYNSET_F_INV = 1;
        static final int NFT_DYNSET_F_EXPR = 2;

        private Dynset() {}
    }

    /** enum nft_connlimit_attributes. */
    static final class Connlimit {
        static final int COUNT = 1;
        static final int FLAGS = 2;
        static final int NFT_CONNLIMIT_F_INV = 1;

        private Connlimit() {}
    }

    /** enum nft_limit_attributes. */
    static final class Limit {
        static final int RATE = 1;
        static final int UNIT = 2;
        static final int BURST = 3;
        static final int TYPE = 4;
        static final int FLAGS = 5;
        static final int NFT_LIMIT_PKTS = 0;
        static final int NFT_LIMIT_F_INV = 1;

        private Limit() {}
    }

    /** enum nft_payload_attributes. */
    static final class Payload {
        static final int DREG = 1;
        static final int BASE = 2;
        static final int OFFSET = 3;
        static final int LEN = 4;

        private Payload() {}
    }

    /** enum nft_meta_attributes. */
    static final class Meta {
        static final int DREG = 1;
        static final int KEY = 2;

        private Meta() {}
    }

    /** enum nft_ct_attributes. */
    static final class Ct {
        static final int DREG = 1;
        static final int KEY = 2;
        static final int DIRECTION = 3;
        static final int SREG = 4;

        private Ct() {}
    }

    /** enum nft_cmp_attributes. */
    static final class Cmp {
        static final int SREG = 1;
        static final int OP = 2;
        static final int DATA = 3;

        private Cmp() {}
    }

    /** enum nft_bitwise_attributes. */
    static final class Bitwise {
        static final int SREG = 1;
        static final int DREG = 2;
        static final int LEN = 3;
        static final int MASK = 4;
        static final int XOR = 5;
        static final int OP = 6;

        private Bitwise() {}
    }

    /** enum nft_lookup_attributes. */
    static final class Lookup {
        static final int SET = 1;
        static final int SREG = 2;
        static final int DREG = 3;
        static final int FLAGS = 5;
        static final int NFT_LOOKUP_F_INV = 1;

        private Lookup() {}
    }

    /** enum nft_ng_attributes. */
    static final class Numgen {
        static final int DREG = 1;
        static final int MODULUS = 2;
        static final int TYPE = 3;
        static final int OFFSET = 4;
        static final int NFT_NG_RANDOM = 1;

        private Numgen() {}
    }

    /** enum nft_immediate_attributes. */
    static final class Immediate {
        static final int DREG = 1;
        static final int DATA = 2;

        private Immediate() {}
    }

    /** enum nft_nat_attributes. */
    static final class Nat {
        static final int TYPE = 1;
        static final int FAMILY = 2;
        static final int REG_ADDR_MIN = 3;
        static final int REG_ADDR_MAX = 4;
        static final int REG_PROTO_MIN = 5;
        static final int REG_PROTO_MAX = 6;
        static final int FLAGS = 7;
        static final int NFT_NAT_DNAT = 1;
        static final int NF_NAT_RANGE_MAP_IPS = 1;
        static final int NF_NAT_RANGE_PROTO_SPECIFIED = 2;

        private Nat() {}
    }

    /** enum nft_masq_attributes. */
    static final class Masq {
        static final int FLAGS = 1;
        static final int REG_PROTO_MIN = 2;
        static final int NF_NAT_RANGE_PROTO_RANDOM_FULLY = 0x10;

        private Masq() {}
    }

    /** enum nft_reject_attributes. */
    static final class Reject {
        static final int TYPE = 1;
        static final int ICMP_CODE = 2;
        static final int NFT_REJECT_ICMP_UNREACH = 0;
        static final int NFT_REJECT_TCP_RST = 1;

        private Reject() {}
    }

    /** enum nft_fib_attributes. */
    static final class Fib {
        static final int DREG = 1;
        static final int RESULT = 2;
        static final int FLAGS = 3;
        static final int NFTA_FIB_F_DADDR = 2;
        static final int NFT_FIB_RESULT_ADDRTYPE = 3;

        private Fib() {}
    }

    /** enum nft_log_attributes. */
    static final class Log {
        static final int GROUP = 1;
        static final int PREFIX = 2;

        private Log() {}
    }
}
