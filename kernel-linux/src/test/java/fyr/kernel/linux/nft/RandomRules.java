package fyr.kernel.linux.nft;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

/** Rules that the kernel accepts, with every kind of expression. Every register is loaded before it is read. */
final class RandomRules {

    private RandomRules() {}

    static NftRule filter(SplittableRandom random, Family family) {
        List<NftExpression> expressions = new ArrayList<>();
        int parts = random.nextInt(1, 5);
        for (int i = 0; i < parts; i++) {
            part(random, family, expressions);
        }
        List<NftVerdict> verdicts = List.of(new NftVerdict.Accept(), new NftVerdict.Drop(), new NftVerdict.Return());
        expressions.add(new NftExpression.Verdict(verdicts.get(random.nextInt(verdicts.size()))));
        return new NftRule("rule " + random.nextInt(1000) + " µ", expressions);
    }

    private static void part(SplittableRandom random, Family family, List<NftExpression> out) {
        int register = random.nextInt(12);
        int words = family.bytes() / 4;
        switch (random.nextInt(12)) {
            case 0 -> {
                NftExpression.MetaKey key = NftExpression.MetaKey.values()[random.nextInt(5)];
                int length = switch (key) {
                    case L4PROTO, NFPROTO -> 1;
                    case IIF, MARK -> 4;
                    case IIFNAME, OIFNAME -> 16;
                };
                out.add(new NftExpression.Meta(key, register));
                NftExpression.Operator operator = NftExpression.Operator.values()[random.nextInt(6)];
                out.add(new NftExpression.Compare(register, operator, bytes(random, length)));
            }
            case 1 -> {
                NftExpression.CtKey key = NftExpression.CtKey.values()[random.nextInt(6)];
                int length = switch (key) {
                    case STATE, STATUS, MARK -> 4;
                    case ORIGINAL_SOURCE, ORIGINAL_DESTINATION -> family.bytes();
                    case ORIGINAL_DESTINATION_PORT -> 2;
                };
                out.add(new NftExpression.Ct(key, register));
                out.add(new NftExpression.Compare(register, NftExpression.Operator.EQUAL, bytes(random, length)));
            }
            case 2 -> {
                int length = random.nextInt(1, 17);
                out.add(new NftExpression.Payload(
                        NftExpression.Base.values()[random.nextInt(2)], random.nextInt(40), length, register));
                out.add(new NftExpression.Bitwise(register, register, bytes(random, length), bytes(random, length)));
            }
            case 3 -> {
                out.add(new NftExpression.Payload(NftExpression.Base.NETWORK, 12, family.bytes(), register));
                out.add(new NftExpression.Member("nets", register, random.nextBoolean()));
            }
            case 4 -> {
                out.add(new NftExpression.Payload(NftExpression.Base.NETWORK, 12, family.bytes(), 0));
                out.add(new NftExpression.MapLookup("marks", 0, words));
                out.add(new NftExpression.SetCtMark(words));
            }
            case 11 -> {
                out.add(new NftExpression.Payload(NftExpression.Base.NETWORK, 12, family.bytes(), 0));
                out.add(new NftExpression.Immediate(words, Bytes.host32(random.nextInt())));
                out.add(
                        random.nextBoolean()
                                ? new NftExpression.Remember("memory", 0, words, random.nextInt(1, 100_000))
                                : new NftExpression.Forget("memory", 0, words));
            }
            case 5 -> out.add(new NftExpression.Random(random.nextInt(1, 1 << 20), register));
            case 6 -> out.add(new NftExpression.Immediate(register, bytes(random, random.nextInt(1, 17))));
            case 7 -> out.add(new NftExpression.FibDestinationType(register));
            case 8 -> out.add(random.nextBoolean() ? new NftExpression.Counter() : new NftExpression.NoTrack());
            case 9 ->
                out.add(
                        random.nextBoolean()
                                ? new NftExpression.Log(Optional.of("fyr " + random.nextInt(9)), OptionalInt.empty())
                                : new NftExpression.Log(Optional.empty(), OptionalInt.of(random.nextInt(100))));
            default -> out.add(new NftExpression.Immediate(register, Bytes.host32(random.nextInt())));
        }
    }

    /** Rules with the expressions that only chains of type nat may have. */
    static List<NftRule> nat(Family family, NftHook.Point point) {
        if (point == NftHook.Point.POSTROUTING) {
            return List.of(
                    new NftRule("", List.of(new NftExpression.Masquerade(true))),
                    new NftRule("plain", List.of(new NftExpression.Masquerade(false))));
        }
        NftExpression address = new NftExpression.Payload(NftExpression.Base.NETWORK, 8, family.bytes(), 2);
        NftExpression port = new NftExpression.Immediate(9, Bytes.u16(80));
        return List.of(
                new NftRule("to", List.of(address, port, new NftExpression.DestinationNat(2, OptionalInt.of(9)))),
                new NftRule("all ports", List.of(address, new NftExpression.DestinationNat(2, OptionalInt.empty()))));
    }

    /** Every way to reject. A comparison with the protocol must precede a reset, otherwise nft cannot print it. */
    static List<NftRule> rejects() {
        return List.of(
                new NftRule("", List.of(new NftExpression.Reject(NftExpression.Answer.PORT_UNREACHABLE))),
                new NftRule("", List.of(new NftExpression.Reject(NftExpression.Answer.ADMIN_PROHIBITED))),
                new NftRule(
                        "",
                        List.of(
                                new NftExpression.Meta(NftExpression.MetaKey.L4PROTO, 0),
                                new NftExpression.Compare(0, NftExpression.Operator.EQUAL, Bytes.u8(6)),
                                new NftExpression.Reject(NftExpression.Answer.TCP_RESET))));
    }

    private static Bytes bytes(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return Bytes.of(bytes);
    }
}
