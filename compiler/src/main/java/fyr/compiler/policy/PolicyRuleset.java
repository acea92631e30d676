package fyr.compiler.policy;

import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftHook;
import fyr.kernel.nft.NftKey;
import fyr.kernel.nft.NftObject;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.policy.Direction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The sets and chains of one family, the same whatever the policies are.
 *
 * <p>Established connections pass on the first rule. Then the source's egress is judged, then the destination's ingress. What is for the
 * node itself is not judged (traffic between a pod and its node cannot be forbidden) but for queries to the cluster's DNS. ICMP errors
 * pass as related; other ICMP has no ports, so it passes only where a rule names no ports.
 *
 * <p>nft 1.0.6 does not know how long the result of a lookup is, and fails an assertion (even on {@code nft list tables}) where a register
 * with one is part of a longer key. So the key's first register must not look to it like a result: it sees the constant that is loaded over
 * the whole key at first, and does not see the group, which arrives as the second half of a value that begins one register earlier.
 */
final class PolicyRuleset {

    // A key of group, identity, protocol, port lies in registers 1 to 4; addresses and ports to look up in 5 and following.
    private static final int GROUP_VALUE = 0;
    private static final int GROUP = 1;
    private static final int IDENTITY = 2;
    private static final int PROTOCOL = 3;
    private static final int PORT = 4;
    private static final int SCRATCH = 5;

    private static final Bytes ESTABLISHED_OR_RELATED = Bytes.host32(2 | 4);
    private static final Bytes ZERO = Bytes.u32(0);

    /** The identity of everyone, and any protocol and port. */
    private static final Bytes EMPTY_KEY = Bytes.concatenate(ZERO, Bytes.u32(PolicyNames.EVERYONE), ZERO, ZERO);

    private final Family family;

    private PolicyRuleset(Family family) {
        this.family = family;
    }

    static void emit(Family family, BiConsumer<NftKey, NftObject> sink) {
        PolicyRuleset ruleset = new PolicyRuleset(family);
        sink.accept(new NftKey.TableKey(family), new NftObject.Table());
        ruleset.sets(sink);
        ruleset.chain(sink, PolicyNames.FORWARD, Optional.of(NftHook.Point.FORWARD), ruleset.forward());
        ruleset.chain(sink, PolicyNames.INPUT, Optional.of(NftHook.Point.INPUT), ruleset.input());
        for (Direction direction : Direction.values()) {
            ruleset.chain(sink, PolicyNames.chain(direction), Optional.empty(), ruleset.judge(direction));
        }
    }

    private void sets(BiConsumer<NftKey, NftObject> sink) {
        NftField address =
                switch (family) {
                    case IPV4 -> NftField.IPV4_ADDR;
                    case IPV6 -> NftField.IPV6_ADDR;
                };
        List<NftField> number = List.of(NftField.INTEGER);
        set(sink, PolicyNames.PODS, List.of(address), number, false);
        set(sink, PolicyNames.BLOCKS, List.of(address), number, true);
        set(sink, PolicyNames.PORTS, List.of(NftField.INET_SERVICE), number, true);
        set(sink, PolicyNames.SELF, List.of(address, address), List.of(), false);
        set(sink, PolicyNames.DNS, List.of(address), List.of(), false);
        for (Direction direction : Direction.values()) {
            set(sink, PolicyNames.subjects(direction), List.of(address), List.of(NftField.INTEGER, NftField.INTEGER), false);
            set(sink, PolicyNames.allow(direction), key(NftField.INET_SERVICE), List.of(), false);
            set(sink, PolicyNames.ranges(direction), key(NftField.INTEGER), List.of(), false);
        }
    }

    /** What maps of subjects have for a group: see above why it is twice as long as it needs to be. */
    static Bytes groupValue(int group) {
        return Bytes.concatenate(ZERO, Bytes.u32(group));
    }

    private static List<NftField> key(NftField last) {
        return List.of(NftField.INTEGER, NftField.INTEGER, NftField.INET_PROTO, last);
    }

    private void set(BiConsumer<NftKey, NftObject> sink, String name, List<NftField> key, List<NftField> data, boolean interval) {
        sink.accept(new NftKey.SetKey(family, name), new NftObject.Set(key, data, false, interval));
    }

    private void chain(
            BiConsumer<NftKey, NftObject> sink, String name, Optional<NftHook.Point> point, List<NftRule> rules) {
        Optional<NftHook> hook = point.map(at -> new NftHook(NftHook.Type.FILTER, at, 0, false));
        sink.accept(new NftKey.ChainKey(family, name), new NftObject.Chain(hook, rules));
    }

    private List<NftRule> forward() {
        return List.of(
                established(),
                rule(
                        "a pod reaches itself",
                        load(Direction.EGRESS, SCRATCH),
                        load(Direction.INGRESS, SCRATCH + family.bytes() / 4),
                        new NftExpression.Member(PolicyNames.SELF, SCRATCH, false),
                        new NftExpression.Verdict(new NftVerdict.Accept())),
                isolated(Direction.EGRESS),
                isolated(Direction.INGRESS));
    }

    private List<NftRule> input() {
        return List.of(
                established(),
                rule(
                        "queries to the cluster's DNS from a pod whose egress is isolated",
                        load(Direction.INGRESS, SCRATCH),
                        new NftExpression.Member(PolicyNames.DNS, SCRATCH, false),
                        load(Direction.EGRESS, SCRATCH),
                        new NftExpression.MapLookup(PolicyNames.subjects(Direction.EGRESS), SCRATCH, GROUP_VALUE),
                        new NftExpression.Verdict(new NftVerdict.Jump(PolicyNames.chain(Direction.EGRESS)))));
    }

    private static NftRule established() {
        return rule(
                "connections are judged once, when they begin",
                new NftExpression.Ct(NftExpression.CtKey.STATE, GROUP),
                new NftExpression.Bitwise(GROUP, GROUP, ESTABLISHED_OR_RELATED, ZERO),
                new NftExpression.Compare(GROUP, NftExpression.Operator.NOT_EQUAL, ZERO),
                new NftExpression.Verdict(new NftVerdict.Accept()));
    }

    private NftRule isolated(Direction direction) {
        return rule(
                "from or to a pod whose " + direction.word() + " is isolated",
                load(direction, SCRATCH),
                new NftExpression.MapLookup(PolicyNames.subjects(direction), SCRATCH, GROUP_VALUE),
                new NftExpression.Verdict(new NftVerdict.Jump(PolicyNames.chain(direction))));
    }

    /** Who the other end is taken for. */
    private enum Peer {
        POD("the peer's labels"),
        EVERYONE("everyone"),
        BLOCK("the peer's block");

        private final String words;

        Peer(String words) {
            this.words = words;
        }
    }

    /** How the port is looked up. */
    private enum Port {
        SINGLE("port"),
        ANY("any port"),
        RANGE("range of ports");

        private final String words;

        Port(String words) {
            this.words = words;
        }
    }

    private List<NftRule> judge(Direction direction) {
        List<NftRule> rules = new ArrayList<>();
        for (Peer peer : Peer.values()) {
            for (Port port : Port.values()) {
                rules.add(allow(direction, peer, port));
            }
        }
        rules.add(rule(
                direction.word() + " denied: isolated, and no rule allows it",
                new NftExpression.Counter(),
                new NftExpression.Verdict(new NftVerdict.Drop())));
        return rules;
    }

    /** Registers do not outlive a rule, so each looks up what it needs; first what most packets lack, so that it ends early. */
    private NftRule allow(Direction direction, Peer peer, Port port) {
        String set = port == Port.RANGE ? PolicyNames.ranges(direction) : PolicyNames.allow(direction);
        List<NftExpression> expressions = new ArrayList<>();
        expressions.add(new NftExpression.Immediate(GROUP, EMPTY_KEY));
        expressions.addAll(peer(direction, peer));
        expressions.addAll(port(port));
        expressions.add(load(direction, SCRATCH));
        expressions.add(new NftExpression.MapLookup(PolicyNames.subjects(direction), SCRATCH, GROUP_VALUE));
        expressions.add(new NftExpression.Member(set, GROUP, false));
        expressions.add(new NftExpression.Verdict(new NftVerdict.Return()));
        return new NftRule(direction.word() + " allowed: " + peer.words + ", " + port.words, expressions);
    }

    private List<NftExpression> peer(Direction direction, Peer peer) {
        Direction other =
                switch (direction) {
                    case INGRESS -> Direction.EGRESS;
                    case EGRESS -> Direction.INGRESS;
                };
        return switch (peer) {
            case EVERYONE -> List.of();
            case POD -> List.of(
                    load(other, SCRATCH), new NftExpression.MapLookup(PolicyNames.PODS, SCRATCH, IDENTITY));
            case BLOCK -> List.of(
                    load(other, SCRATCH), new NftExpression.MapLookup(PolicyNames.BLOCKS, SCRATCH, IDENTITY));
        };
    }

    private static List<NftExpression> port(Port port) {
        NftExpression protocol = new NftExpression.Meta(NftExpression.MetaKey.L4PROTO, PROTOCOL);
        return switch (port) {
            case SINGLE -> List.of(protocol, destinationPort(PORT));
            case ANY -> List.of();
            case RANGE -> List.of(
                    destinationPort(SCRATCH),
                    new NftExpression.MapLookup(PolicyNames.PORTS, SCRATCH, PORT),
                    protocol);
        };
    }

    private static NftExpression destinationPort(int register) {
        return new NftExpression.Payload(NftExpression.Base.TRANSPORT, 2, 2, register);
    }

    /** Loads the address of the pod that the direction is about: the source for egress, the destination for ingress. */
    private NftExpression load(Direction direction, int register) {
        int source =
                switch (family) {
                    case IPV4 -> 12; // RFC 791 section 3.1
                    case IPV6 -> 8; // RFC 8200 section 3
                };
        int offset = direction == Direction.EGRESS ? source : source + family.bytes();
        return new NftExpression.Payload(NftExpression.Base.NETWORK, offset, family.bytes(), register);
    }

    private static NftRule rule(String comment, NftExpression... expressions) {
        return new NftRule(comment, List.of(expressions));
    }
}
