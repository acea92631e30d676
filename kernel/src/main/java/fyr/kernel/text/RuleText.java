package fyr.kernel.text;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftExpression.Answer;
import fyr.kernel.nft.NftExpression.Operator;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** One rule as nft writes it: the loads into registers become operands of what reads the registers. */
final class RuleText {

    private final Family family;
    private final Function<NftKey, Optional<NftObject>> objects;
    private final Operands operands = new Operands();
    private final List<String> statements = new ArrayList<>();

    private RuleText(Family family, Function<NftKey, Optional<NftObject>> objects) {
        this.family = family;
        this.objects = objects;
    }

    /** The rule without its comment. */
    static String of(NftRule rule, Family family, Function<NftKey, Optional<NftObject>> objects) {
        RuleText text = new RuleText(family, objects);
        rule.expressions().forEach(text::add);
        return String.join(" ", text.statements);
    }

    private void add(NftExpression expression) {
        switch (expression) {
            case NftExpression.Payload(var base, int offset, int length, int register) ->
                operands.load(register, Operand.payload(family, base, offset, length));
            case NftExpression.Meta(var key, int register) -> operands.load(register, Operand.meta(key));
            case NftExpression.Ct(var key, int register) -> operands.load(register, Operand.connection(family, key));
            case NftExpression.Immediate(int register, Bytes value) -> operands.load(register, Operand.constant(value));
            case NftExpression.Random(int modulus, int register) ->
                operands.load(register, new Operand("numgen random mod " + modulus, 1, Notation.HOST_NUMBER));
            case NftExpression.FibDestinationType(int register) ->
                operands.load(register, new Operand("fib daddr type", 1, Notation.ROUTE_TYPE));
            case NftExpression.Bitwise bitwise -> mask(bitwise);
            case NftExpression.MapLookup(String map, int register, int destination) ->
                operands.load(
                        destination, new Operand(key(map, register) + " map @" + map, words(data(map)), notation(map)));
            default -> statements.add(statement(expression));
        }
    }

    private String statement(NftExpression expression) {
        return switch (expression) {
            case NftExpression.Compare(int register, Operator operator, Bytes value) ->
                compare(operands.at(register), operator, value);
            case NftExpression.Member(String set, int register, boolean inverted) ->
                key(set, register) + (inverted ? " != @" : " @") + set;
            case NftExpression.VerdictLookup(String map, int register) -> key(map, register) + " vmap @" + map;
            case NftExpression.Verdict(var verdict) -> SetText.verdict(verdict);
            case NftExpression.DestinationNat(int address, OptionalInt port) -> destination(address, port);
            case NftExpression.Masquerade(boolean random) -> random ? "masquerade fully-random" : "masquerade";
            case NftExpression.Reject(Answer answer) -> "reject with " + answer(answer);
            case NftExpression.OverRate rate ->
                "update @%s { %s limit rate over %d/second burst %d packets counter }"
                        .formatted(rate.meter(), key(rate.meter(), rate.register()), rate.perSecond(), rate.burst());
            case NftExpression.OverCount(String meter, int register, int most) ->
                "add @%s { %s ct count over %d counter }".formatted(meter, key(meter, register), most);
            case NftExpression.Remember(String map, int register, int data, int seconds) ->
                "update @%s { %s timeout %s : %s }"
                        .formatted(map, key(map, register), SetText.duration(seconds), value(map, data));
            case NftExpression.Forget(String map, int register, int data) ->
                "delete @%s { %s : %s }".formatted(map, key(map, register), value(map, data));
            case NftExpression.SetCtMark(int register) ->
                "ct mark set " + operands.at(register).text();
            case NftExpression.Counter() -> "counter";
            case NftExpression.NoTrack() -> "notrack";
            case NftExpression.Log(Optional<String> prefix, OptionalInt group) ->
                "log" + prefix.map(text -> " prefix \"" + text + "\"").orElse("")
                        + (group.isPresent() ? " group " + group.getAsInt() : "");
            default -> throw new IllegalArgumentException("not a statement: " + expression);
        };
    }

    private void mask(NftExpression.Bitwise bitwise) {
        Operand source = operands.at(bitwise.source());
        String xor = isZero(bitwise.xor()) ? "" : " ^ " + source.notation().of(bitwise.xor());
        operands.load(
                bitwise.destination(),
                new Operand(
                        source.text() + " & " + source.notation().of(bitwise.mask()) + xor,
                        source.words(),
                        source.notation()));
    }

    /** Whether one of some bits is set is written as nft does for flags: {@code ct state new}. */
    private static String compare(Operand operand, Operator operator, Bytes value) {
        int flags = operand.text().indexOf(" & ");
        if (flags >= 0 && isZero(value) && (operator == Operator.EQUAL || operator == Operator.NOT_EQUAL)) {
            return operand.text().substring(0, flags)
                    + (operator == Operator.EQUAL ? " ! " : " ")
                    + operand.text().substring(flags + 3);
        }
        return operand.text() + " " + sign(operator) + operand.notation().of(value);
    }

    private static String sign(Operator operator) {
        return switch (operator) {
            case EQUAL -> "";
            case NOT_EQUAL -> "!= ";
            case LESS -> "< ";
            case LESS_OR_EQUAL -> "<= ";
            case GREATER -> "> ";
            case GREATER_OR_EQUAL -> ">= ";
        };
    }

    private static boolean isZero(Bytes value) {
        for (byte each : value.toArray()) {
            if (each != 0) {
                return false;
            }
        }
        return true;
    }

    /** Address and port may be the two fields of one value. */
    private String destination(int address, OptionalInt port) {
        Operand to = operands.at(address);
        String word = "dnat " + NftKey.word(family) + " to " + to.text();
        return port.isEmpty() || operands.at(port.getAsInt()).equals(to)
                ? word
                : word + ":" + operands.at(port.getAsInt()).text();
    }

    private String answer(Answer answer) {
        String icmp = family == Family.IPV4 ? "icmp " : "icmpv6 ";
        return switch (answer) {
            case PORT_UNREACHABLE -> icmp + "port-unreachable";
            case ADMIN_PROHIBITED -> icmp + "admin-prohibited";
            case TCP_RESET -> "tcp reset";
        };
    }

    private String key(String set, int register) {
        List<NftField> fields =
                switch (objects.apply(new NftKey.SetKey(family, set)).orElse(new NftObject.Foreign(set))) {
                    case NftObject.Set known -> known.key();
                    case NftObject.Meter meter -> meter.key();
                    case NftObject.Memory memory -> memory.key();
                    default -> List.of(NftField.INTEGER);
                };
        return operands.key(register, fields);
    }

    private List<NftField> data(String map) {
        return switch (objects.apply(new NftKey.SetKey(family, map)).orElse(new NftObject.Foreign(map))) {
            case NftObject.Set known -> known.data();
            case NftObject.Memory memory -> memory.data();
            default -> List.of(NftField.INTEGER);
        };
    }

    private String value(String map, int register) {
        return operands.key(register, data(map));
    }

    private static int words(List<NftField> fields) {
        return fields.stream().mapToInt(field -> field.paddedLength() / 4).sum();
    }

    private Notation notation(String map) {
        return Notation.of(data(map).getFirst());
    }
}
