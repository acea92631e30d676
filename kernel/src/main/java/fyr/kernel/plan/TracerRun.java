package fyr.kernel.plan;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.IpAddress;
import fyr.model.persistent.PersistentMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/** One packet on its way through one hook. */
final class TracerRun {

    /** Calls may nest as deep as in the kernel (NFT_JUMP_STACK_SIZE). */
    private static final int DEEPEST = 16;

    private final PersistentMap<NftKey, NftObject> objects;
    private final Sets sets;
    private final RandomGenerator random;
    private final List<Trace.Step> steps = new ArrayList<>();
    private Packet packet;
    private Trace.Outcome outcome = new Trace.Accepted();
    private Registers registers = new Registers();

    TracerRun(PersistentMap<NftKey, NftObject> objects, Sets sets, RandomGenerator random, Packet packet) {
        this.objects = objects;
        this.sets = sets;
        this.random = random;
        this.packet = packet;
    }

    Trace trace() {
        return new Trace(steps, outcome, packet);
    }

    boolean translated() {
        return !(outcome instanceof Trace.Accepted);
    }

    boolean tracked() {
        return packet.tracked();
    }

    /** Whether the packet gets past this base chain. */
    boolean passes(String base, boolean dropsByPolicy) {
        Flow end = chain(base, 0);
        if (end == Flow.NEXT && dropsByPolicy) {
            outcome = new Trace.Dropped(base, "");
        }
        return !(outcome instanceof Trace.Dropped) && !(outcome instanceof Trace.Rejected);
    }

    /** How a chain or rule ended. */
    private enum Flow {
        /** Go on behind it. */
        NEXT,
        /** Return to the calling chain. */
        BACK,
        /** The base chain is done. */
        DONE
    }

    private Flow chain(String name, int depth) {
        if (depth > DEEPEST) {
            throw new IllegalStateException("chains call each other more than " + DEEPEST + " deep");
        }
        NftObject.Chain chain = (NftObject.Chain) objects.get(new NftKey.ChainKey(packet.family(), name))
                .orElseThrow(() -> new IllegalStateException("no chain " + name));
        for (NftRule rule : chain.rules()) {
            Flow flow = rule(name, rule, depth);
            if (flow != Flow.NEXT) {
                return flow == Flow.BACK ? Flow.NEXT : flow;
            }
        }
        return Flow.NEXT;
    }

    private Flow rule(String chain, NftRule rule, int depth) {
        registers = new Registers();
        int position = steps.size();
        steps.add(new Trace.Step(chain, rule.comment(), false));
        for (NftExpression expression : rule.expressions()) {
            switch (explained(expression, chain, rule)) {
                case Result.Continue _ -> {}
                case Result.EndOfRule _ -> {
                    return Flow.NEXT;
                }
                case Result.Decided(NftVerdict verdict) -> {
                    steps.set(position, new Trace.Step(chain, rule.comment(), true));
                    return follow(verdict, chain, rule, depth);
                }
            }
        }
        steps.set(position, new Trace.Step(chain, rule.comment(), true));
        return Flow.NEXT;
    }

    private Flow follow(NftVerdict verdict, String chain, NftRule rule, int depth) {
        return switch (verdict) {
            case NftVerdict.Accept _ -> Flow.DONE;
            case NftVerdict.Drop _ -> {
                if (!(outcome instanceof Trace.Rejected)) {
                    outcome = new Trace.Dropped(chain, rule.comment());
                }
                yield Flow.DONE;
            }
            case NftVerdict.Jump(String target) -> chain(target, depth + 1);
            case NftVerdict.Goto(String target) -> chain(target, depth + 1) == Flow.DONE ? Flow.DONE : Flow.BACK;
            case NftVerdict.Return _ -> Flow.BACK;
        };
    }

    /** What an expression leads to. */
    private sealed interface Result {
        /** The next expression of the rule (NFT_CONTINUE). */
        record Continue() implements Result {}

        /** The rule does not match (NFT_BREAK). */
        record EndOfRule() implements Result {}

        /** A verdict. */
        record Decided(NftVerdict verdict) implements Result {}
    }

    private static final Result CONTINUE = new Result.Continue();
    private static final Result BREAK = new Result.EndOfRule();

    private static Result continueIf(boolean condition) {
        return condition ? CONTINUE : BREAK;
    }

    /** As {@link #evaluate}; an error names the rule and the expression. */
    private Result explained(NftExpression expression, String chain, NftRule rule) {
        try {
            return evaluate(expression, chain, rule);
        } catch (IllegalStateException e) {
            throw new IllegalStateException(
                    chain + ", '" + rule.comment() + "', " + expression + ": " + e.getMessage(), e);
        }
    }

    private Result evaluate(NftExpression expression, String chain, NftRule rule) {
        return switch (expression) {
            case NftExpression.Compare(int register, var operator, Bytes value) ->
                continueIf(
                        holds(operator, registers.read(register, value.length()).compareTo(value)));
            case NftExpression.Member(String set, int register, boolean inverted) ->
                continueIf(find(set, register).isPresent() != inverted);
            case NftExpression.MapLookup(String map, int register, int destination) ->
                find(map, register)
                        .map(data -> load(destination, ((NftData.Value) data).bytes()))
                        .orElse(BREAK);
            // Without a match the kernel ends the rule (NFT_BREAK in nft_lookup_eval).
            case NftExpression.VerdictLookup(String map, int register) ->
                find(map, register)
                        .<Result>map(data -> new Result.Decided(((NftData.Verdict) data).verdict()))
                        .orElse(BREAK);
            case NftExpression.OverRate _ -> BREAK; // one packet never exceeds the rate
            case NftExpression.OverCount _ -> BREAK; // nor one connection the count
            case NftExpression.Remember(String map, int register, int data, int _) ->
                continueIf(sets.remember(packet.family(), map, registers, register, data));
            case NftExpression.Forget(String map, int register, int data) -> {
                sets.forget(packet.family(), map, registers, register, data);
                yield CONTINUE;
            }
            case NftExpression.Verdict(NftVerdict verdict) -> new Result.Decided(verdict);
            case NftExpression.DestinationNat(int address, OptionalInt port) -> translate(address, port);
            case NftExpression.Masquerade _ -> {
                outcome = new Trace.Masqueraded();
                yield new Result.Decided(new NftVerdict.Accept());
            }
            case NftExpression.Reject(NftExpression.Answer answer) -> {
                outcome = new Trace.Rejected(chain, rule.comment(), answer);
                yield new Result.Decided(new NftVerdict.Drop());
            }
            case NftExpression.SetCtMark(int register) -> {
                packet = packet.connectionMarked(registers.readHost32(register));
                yield CONTINUE;
            }
            case NftExpression.NoTrack _ -> {
                packet = packet.in(Packet.UNTRACKED);
                yield CONTINUE;
            }
            case NftExpression.Counter _, NftExpression.Log _ -> CONTINUE;
            case NftExpression.Bitwise(int source, int destination, Bytes mask, Bytes xor) ->
                load(destination, bitwise(registers.read(source, mask.length()), mask, xor));
            case NftExpression.Payload(var base, int offset, int length, int register) ->
                load(register, Headers.slice(packet, base, offset, length));
            case NftExpression.Meta(var key, int register) -> load(register, meta(key));
            // Only the state of an untracked packet can be loaded (nft_ct_get_eval).
            case NftExpression.Ct(var key, int register) ->
                packet.tracked() || key == NftExpression.CtKey.STATE ? load(register, connection(key)) : BREAK;
            case NftExpression.Random(int modulus, int register) ->
                load(register, Bytes.host32(random.nextInt(modulus)));
            case NftExpression.Immediate(int register, Bytes value) -> load(register, value);
            case NftExpression.FibDestinationType(int register) ->
                load(register, Bytes.host32(packet.destinationType()));
        };
    }

    private Optional<NftData> find(String set, int register) {
        return sets.find(packet.family(), set, registers, register);
    }

    private Result load(int register, Bytes value) {
        registers.load(register, value);
        return CONTINUE;
    }

    private static boolean holds(NftExpression.Operator operator, int order) {
        return switch (operator) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private Result translate(int register, OptionalInt portRegister) {
        IpAddress address =
                IpAddress.of(registers.read(register, packet.family().bytes()).toArray());
        int port = packet.destinationPort();
        if (portRegister.isPresent()) {
            byte[] bytes = registers.read(portRegister.getAsInt(), 2).toArray();
            port = (bytes[0] & 255) << 8 | bytes[1] & 255;
        }
        packet = packet.translated(address, port);
        outcome = new Trace.Translated(address, port);
        return new Result.Decided(new NftVerdict.Accept());
    }

    private static Bytes bitwise(Bytes source, Bytes mask, Bytes xor) {
        byte[] result = source.toArray();
        for (int i = 0; i < result.length; i++) {
            result[i] = (byte) (result[i] & mask.toArray()[i] ^ xor.toArray()[i]);
        }
        return Bytes.of(result);
    }

    private Bytes meta(NftExpression.MetaKey key) {
        return switch (key) {
            case L4PROTO -> Bytes.u8(packet.protocol());
            case NFPROTO ->
                Bytes.u8(
                        switch (packet.family()) {
                            case IPV4 -> 2;
                            case IPV6 -> 10;
                        });
            // Links have no numbers here: 1 stands for any.
            case IIF -> Bytes.host32(packet.inputInterface().isEmpty() ? 0 : 1);
            case IIFNAME -> interfaceName(packet.inputInterface());
            case OIFNAME -> interfaceName(packet.outputInterface());
            case MARK -> Bytes.host32(packet.mark());
        };
    }

    private static Bytes interfaceName(String name) {
        return Bytes.of(Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 16));
    }

    private Bytes connection(NftExpression.CtKey key) {
        Packet.Connection connection = packet.connection();
        return switch (key) {
            case STATE -> Bytes.host32(connection.state());
            case STATUS -> Bytes.host32(connection.status());
            case MARK -> Bytes.host32(connection.mark());
            case ORIGINAL_SOURCE -> Bytes.of(connection.originalSource().toBytes());
            case ORIGINAL_DESTINATION ->
                Bytes.of(connection.originalDestination().toBytes());
            case ORIGINAL_DESTINATION_PORT -> Bytes.u16(connection.originalDestinationPort());
        };
    }
}
