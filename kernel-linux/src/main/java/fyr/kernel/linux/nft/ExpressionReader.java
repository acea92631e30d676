package fyr.kernel.linux.nft;

import static fyr.kernel.linux.nft.NfTables.NFTA_DATA_VALUE;
import static fyr.kernel.linux.nft.NfTables.NFTA_EXPR_DATA;
import static fyr.kernel.linux.nft.NfTables.NFTA_EXPR_NAME;
import static fyr.kernel.linux.nft.Registers.NFT_REG_VERDICT;
import static fyr.kernel.linux.nft.Registers.fromKernel;

import fyr.kernel.linux.netlink.Attributes;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads expressions back. Everything that Fyr can write is read as the record it was written from; everything else throws {@link
 * UnknownObject}. So a rule that somebody else changed differs from the plan in its contents, and no stored hash has to be trusted.
 */
final class ExpressionReader {

    private ExpressionReader() {}

    static NftExpression read(Attributes expression, Family family) {
        String name = expression.string(NFTA_EXPR_NAME).orElseThrow(() -> new UnknownObject("expression without name"));
        Attributes data = expression.nested(NFTA_EXPR_DATA);
        return switch (name) {
            case "payload" -> payload(data);
            case "meta" ->
                new NftExpression.Meta(
                        Codes.metaKey(number(data, ExpressionWriter.Meta.KEY)),
                        register(data, ExpressionWriter.Meta.DREG));
            case "ct" -> conntrack(data, family);
            case "cmp" ->
                new NftExpression.Compare(
                        register(data, ExpressionWriter.Cmp.SREG),
                        Codes.operator(number(data, ExpressionWriter.Cmp.OP)),
                        constant(data, ExpressionWriter.Cmp.DATA));
            case "bitwise" -> bitwise(data);
            case "lookup" -> lookup(data);
            case "numgen" -> random(data);
            case "immediate" -> immediate(data);
            case "nat" -> destinationNat(data);
            case "masq" -> masquerade(data);
            case "reject" ->
                new NftExpression.Reject(Codes.answer(
                        number(data, ExpressionWriter.Reject.TYPE),
                        data.u8(ExpressionWriter.Reject.ICMP_CODE).orElse(0),
                        family));
            case "fib" -> fib(data);
            case "dynset" -> dynset(data);
            case "counter" -> new NftExpression.Counter();
            case "notrack" -> new NftExpression.NoTrack();
            case "log" ->
                new NftExpression.Log(data.string(ExpressionWriter.Log.PREFIX), data.be16(ExpressionWriter.Log.GROUP));
            default -> throw new UnknownObject("expression " + name);
        };
    }

    private static NftExpression payload(Attributes data) {
        return new NftExpression.Payload(
                Codes.base(number(data, ExpressionWriter.Payload.BASE)),
                number(data, ExpressionWriter.Payload.OFFSET),
                number(data, ExpressionWriter.Payload.LEN),
                register(data, ExpressionWriter.Payload.DREG));
    }

    private static NftExpression conntrack(Attributes data, Family family) {
        int key = number(data, ExpressionWriter.Ct.KEY);
        if (data.has(ExpressionWriter.Ct.SREG)) {
            require(key == Codes.NFT_CT_MARK, "setting ct " + key);
            return new NftExpression.SetCtMark(register(data, ExpressionWriter.Ct.SREG));
        }
        NftExpression.CtKey known = Codes.ctKey(key, family);
        require(
                data.u8(ExpressionWriter.Ct.DIRECTION).orElse(0) == Codes.IP_CT_DIR_ORIGINAL,
                "ct of the reply direction");
        return new NftExpression.Ct(known, register(data, ExpressionWriter.Ct.DREG));
    }

    private static NftExpression dynset(Attributes data) {
        require(
                (data.be32(ExpressionWriter.Dynset.FLAGS).orElse(0) & ExpressionWriter.Dynset.NFT_DYNSET_F_INV) == 0,
                "inverted update of a set");
        boolean update = number(data, ExpressionWriter.Dynset.OP) == ExpressionWriter.Dynset.NFT_DYNSET_OP_UPDATE;
        return data.has(ExpressionWriter.Dynset.SREG_DATA) ? ofMemory(data, update) : ofMeter(data, update);
    }

    private static NftExpression ofMemory(Attributes data, boolean update) {
        require(
                !data.has(ExpressionWriter.Dynset.EXPRESSION) && !data.has(ExpressionWriter.Dynset.EXPRESSIONS),
                "an update of a map with expressions");
        int register = register(data, ExpressionWriter.Dynset.SREG_KEY);
        int value = register(data, ExpressionWriter.Dynset.SREG_DATA);
        long milliseconds = data.be64(ExpressionWriter.Dynset.TIMEOUT).orElse(0);
        if (update) {
            require(
                    milliseconds > 0 && milliseconds % 1000 == 0 && milliseconds / 1000 <= Integer.MAX_VALUE,
                    "a timeout of " + milliseconds + " ms");
            return new NftExpression.Remember(set(data), register, value, (int) (milliseconds / 1000));
        }
        require(
                number(data, ExpressionWriter.Dynset.OP) == ExpressionWriter.Dynset.NFT_DYNSET_OP_DELETE
                        && milliseconds == 0,
                "an addition to a map");
        return new NftExpression.Forget(set(data), register, value);
    }

    private static String set(Attributes data) {
        return data.string(ExpressionWriter.Dynset.SET_NAME).orElseThrow(() -> new UnknownObject("update of no set"));
    }

    /** An addition or update of a set with two expressions for each element, of which the second counts. */
    private static NftExpression ofMeter(Attributes data, boolean update) {
        require(data.be64(ExpressionWriter.Dynset.TIMEOUT).orElse(0) == 0, "another update of a set");
        List<Attributes> each = new ArrayList<>();
        data.nested(ExpressionWriter.Dynset.EXPRESSIONS).forEach(one -> each.add(one.nested()));
        require(
                each.size() == 2 && each.get(1).string(NFTA_EXPR_NAME).equals(Optional.of("counter")),
                "an update with other expressions");
        Attributes first = each.getFirst().nested(NFTA_EXPR_DATA);
        return switch (each.getFirst().string(NFTA_EXPR_NAME).orElse("")) {
            case "limit" -> overRate(data, first, update);
            case "connlimit" -> overCount(data, first, update);
            default -> throw new UnknownObject("an update with other expressions");
        };
    }

    private static NftExpression overCount(Attributes data, Attributes limit, boolean update) {
        require(
                !update
                        && number(data, ExpressionWriter.Dynset.OP) == ExpressionWriter.Dynset.NFT_DYNSET_OP_ADD
                        && number(limit, ExpressionWriter.Connlimit.FLAGS)
                                == ExpressionWriter.Connlimit.NFT_CONNLIMIT_F_INV,
                "another limit of connections");
        return new NftExpression.OverCount(
                set(data),
                register(data, ExpressionWriter.Dynset.SREG_KEY),
                number(limit, ExpressionWriter.Connlimit.COUNT));
    }

    private static NftExpression overRate(Attributes data, Attributes limit, boolean update) {
        require(
                update
                        && limit.be64(ExpressionWriter.Limit.UNIT).orElse(0) == 1
                        && number(limit, ExpressionWriter.Limit.TYPE) == ExpressionWriter.Limit.NFT_LIMIT_PKTS
                        && number(limit, ExpressionWriter.Limit.FLAGS) == ExpressionWriter.Limit.NFT_LIMIT_F_INV,
                "another limit");
        return new NftExpression.OverRate(
                set(data),
                register(data, ExpressionWriter.Dynset.SREG_KEY),
                (int) limit.be64(ExpressionWriter.Limit.RATE).orElse(0),
                number(limit, ExpressionWriter.Limit.BURST));
    }

    private static NftExpression bitwise(Attributes data) {
        require(data.be32(ExpressionWriter.Bitwise.OP).orElse(0) == 0, "bitwise shift");
        return new NftExpression.Bitwise(
                register(data, ExpressionWriter.Bitwise.SREG),
                register(data, ExpressionWriter.Bitwise.DREG),
                constant(data, ExpressionWriter.Bitwise.MASK),
                constant(data, ExpressionWriter.Bitwise.XOR));
    }

    private static NftExpression lookup(Attributes data) {
        String set =
                data.string(ExpressionWriter.Lookup.SET).orElseThrow(() -> new UnknownObject("lookup without set"));
        int source = register(data, ExpressionWriter.Lookup.SREG);
        OptionalInt destination = data.be32(ExpressionWriter.Lookup.DREG);
        if (destination.isEmpty()) {
            int flags = data.be32(ExpressionWriter.Lookup.FLAGS).orElse(0);
            return new NftExpression.Member(set, source, (flags & ExpressionWriter.Lookup.NFT_LOOKUP_F_INV) != 0);
        }
        return destination.getAsInt() == NFT_REG_VERDICT
                ? new NftExpression.VerdictLookup(set, source)
                : new NftExpression.MapLookup(set, source, fromKernel(destination.getAsInt()));
    }

    private static NftExpression random(Attributes data) {
        require(number(data, ExpressionWriter.Numgen.TYPE) == ExpressionWriter.Numgen.NFT_NG_RANDOM, "numgen inc");
        require(data.be32(ExpressionWriter.Numgen.OFFSET).orElse(0) == 0, "numgen offset");
        return new NftExpression.Random(
                number(data, ExpressionWriter.Numgen.MODULUS), register(data, ExpressionWriter.Numgen.DREG));
    }

    private static NftExpression immediate(Attributes data) {
        if (number(data, ExpressionWriter.Immediate.DREG) == NFT_REG_VERDICT) {
            return new NftExpression.Verdict(Verdicts.read(data.nested(ExpressionWriter.Immediate.DATA)));
        }
        return new NftExpression.Immediate(
                register(data, ExpressionWriter.Immediate.DREG), constant(data, ExpressionWriter.Immediate.DATA));
    }

    /** The kernel repeats the first register of a range as its last, and sets flags that say which of them there are. */
    private static NftExpression destinationNat(Attributes data) {
        require(number(data, ExpressionWriter.Nat.TYPE) == ExpressionWriter.Nat.NFT_NAT_DNAT, "snat");
        int address = register(data, ExpressionWriter.Nat.REG_ADDR_MIN);
        OptionalInt port = optionalRegister(data, ExpressionWriter.Nat.REG_PROTO_MIN);
        require(
                optionalRegister(data, ExpressionWriter.Nat.REG_ADDR_MAX).orElse(address) == address,
                "dnat to a range");
        require(optionalRegister(data, ExpressionWriter.Nat.REG_PROTO_MAX).equals(port), "dnat to a range of ports");
        int rangeOnly =
                ~(ExpressionWriter.Nat.NF_NAT_RANGE_MAP_IPS | ExpressionWriter.Nat.NF_NAT_RANGE_PROTO_SPECIFIED);
        require((data.be32(ExpressionWriter.Nat.FLAGS).orElse(0) & rangeOnly) == 0, "dnat with flags");
        return new NftExpression.DestinationNat(address, port);
    }

    private static NftExpression masquerade(Attributes data) {
        require(!data.has(ExpressionWriter.Masq.REG_PROTO_MIN), "masquerade to ports");
        int flags = data.be32(ExpressionWriter.Masq.FLAGS).orElse(0);
        require(
                (flags & ~ExpressionWriter.Masq.NF_NAT_RANGE_PROTO_RANDOM_FULLY) == 0,
                "masquerade with flags " + flags);
        return new NftExpression.Masquerade(flags != 0);
    }

    private static NftExpression fib(Attributes data) {
        require(
                number(data, ExpressionWriter.Fib.RESULT) == ExpressionWriter.Fib.NFT_FIB_RESULT_ADDRTYPE,
                "fib result");
        require(number(data, ExpressionWriter.Fib.FLAGS) == ExpressionWriter.Fib.NFTA_FIB_F_DADDR, "fib flags");
        return new NftExpression.FibDestinationType(register(data, ExpressionWriter.Fib.DREG));
    }

    private static int number(Attributes data, int type) {
        return data.be32(type).orElseThrow(() -> new UnknownObject("expression without attribute " + type));
    }

    private static int register(Attributes data, int type) {
        return fromKernel(number(data, type));
    }

    private static OptionalInt optionalRegister(Attributes data, int type) {
        OptionalInt number = data.be32(type);
        return number.isPresent() ? OptionalInt.of(fromKernel(number.getAsInt())) : number;
    }

    private static Bytes constant(Attributes data, int type) {
        Optional<byte[]> value = data.nested(type).bytes(NFTA_DATA_VALUE);
        return Bytes.of(value.orElseThrow(() -> new UnknownObject("expression without constant")));
    }

    private static void require(boolean known, String what) {
        if (!known) {
            throw new UnknownObject(what);
        }
    }
}
