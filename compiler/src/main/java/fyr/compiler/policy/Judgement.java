package fyr.compiler.policy;

import fyr.compiler.nft.PacketFields;
import fyr.kernel.nft.Bytes;
import fyr.kernel.nft.NftData;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftField;
import fyr.kernel.nft.NftRule;
import fyr.kernel.nft.NftVerdict;
import fyr.model.address.Family;
import fyr.policy.Direction;
import java.util.ArrayList;
import java.util.List;

/**
 * The chain that judges a new connection of a pod that policies have rules for in one direction: group, identity and class of ports are
 * looked up, and then whether connections of these are accepted or denied. The first element found decides, see {@link VerdictElements}.
 *
 * <p>The key of one lookup is the result of others. The kernel can do that, and nft cannot say it: {@code nft list} (1.0.6 to 1.1.3 at
 * least) gives results of maps the length 0 and ends with a failed assertion when it meets one in a key (netlink_parse_concat_expr in
 * src/netlink_delinearize.c). Therefore values have a zero word in front and are written from one register further down, over the field
 * that was looked up or the last four bytes of an address. nft notes the first register only, and takes the second to be what it was:
 * it prints {@code ip daddr . ip saddr . meta l4proto . th dport @policy-ingress-peer-port}, which is what the rule is about.
 */
final class Judgement {

    /** Numbers of groups, identities and classes. Marks, because nft must know how long they are, and does not for integers. */
    static final NftField NUMBER = NftField.MARK;

    /** What the maps from addresses and ports to numbers have as value. */
    static final List<NftField> VALUE = List.of(NUMBER, NUMBER);

    // A key lies in registers 1 to 4, or 2 to 4 if it has no identity. Whatever is looked up clears the register before
    // it, so that one
    // has to be written later.
    private static final int IDENTITY = 2;
    private static final int PROTOCOL = 3;
    private static final int PORT = 4;
    private static final int ADDRESS = 5;

    private final PacketFields fields;
    private final Direction direction;
    private final String groups;

    /** {@code groups} is the map from the address of a local pod to its group. */
    Judgement(PacketFields fields, Direction direction, String groups) {
        this.fields = fields;
        this.direction = direction;
        this.groups = groups;
    }

    /** The value in a map for this number. */
    static NftData value(int number) {
        return new NftData.Value(Bytes.concatenate(Bytes.host32(0), Bytes.host32(number)));
    }

    /** Who the other end is taken for. */
    private enum Peer {
        POD("the peer's labels"),
        BLOCK("the peer's block"),
        EVERYONE("everyone");

        private final String words;

        Peer(String words) {
            this.words = words;
        }
    }

    /** For groups whose rules all accept: returns if the connection is accepted, otherwise drops. */
    List<NftRule> rules() {
        List<NftRule> rules = new ArrayList<>();
        for (Peer peer : Peer.values()) {
            for (PolicyNames.Ports ports : PolicyNames.Ports.values()) {
                rules.add(accept(peer, ports));
            }
        }
        rules.add(new NftRule(direction.word() + " denied: isolated, and no rule allows it", drop()));
        return rules;
    }

    /**
     * For any group: what is accepted and what is denied is looked up by turns, and the first element that is found decides. Verdict maps
     * would need half the lookups. But whenever a jump is added to the table, for a new Service for example, the kernel visits all elements
     * of the verdict maps that rules use (nft_lookup_validate in net/netfilter/nft_lookup.c), and of these there may be 100,000s.
     */
    List<NftRule> orderedRules() {
        List<NftRule> rules = new ArrayList<>();
        for (Peer peer : Peer.values()) {
            for (PolicyNames.Ports ports : PolicyNames.Ports.values()) {
                rules.add(accept(peer, ports));
                rules.add(deny(peer, ports));
            }
        }
        rules.add(new NftRule(direction.word() + " denied: no rule accepts it", drop()));
        return rules;
    }

    private static List<NftExpression> drop() {
        return List.of(new NftExpression.Counter(), new NftExpression.Verdict(new NftVerdict.Drop()));
    }

    private NftRule accept(Peer peer, PolicyNames.Ports ports) {
        String accepted =
                peer == Peer.EVERYONE ? PolicyNames.everyone(direction, ports) : PolicyNames.peer(direction, ports);
        List<NftExpression> expressions = find(peer, ports, accepted);
        expressions.add(new NftExpression.Verdict(new NftVerdict.Return()));
        return new NftRule(direction.word() + " allowed: " + peer.words + ", " + ports.words(), expressions);
    }

    private NftRule deny(Peer peer, PolicyNames.Ports ports) {
        String denied = peer == Peer.EVERYONE
                ? PolicyNames.deniedEveryone(direction, ports)
                : PolicyNames.deniedPeer(direction, ports);
        List<NftExpression> expressions = find(peer, ports, denied);
        expressions.addAll(drop());
        return new NftRule(direction.word() + " denied: " + peer.words + ", " + ports.words(), expressions);
    }

    /** Registers do not outlive a rule, so each looks up what it needs; first what most packets lack, so that it ends early. */
    private List<NftExpression> find(Peer peer, PolicyNames.Ports ports, String set) {
        int group = peer == Peer.EVERYONE ? IDENTITY : IDENTITY - 1;
        List<NftExpression> expressions = new ArrayList<>(identity(peer));
        expressions.addAll(port(ports));
        expressions.addAll(lookUp(direction, groups, group));
        expressions.add(new NftExpression.Member(set, group, false));
        return expressions;
    }

    private List<NftExpression> identity(Peer peer) {
        Direction other = switch (direction) {
            case INGRESS -> Direction.EGRESS;
            case EGRESS -> Direction.INGRESS;
        };
        return switch (peer) {
            case EVERYONE -> List.of();
            case POD -> lookUp(other, PolicyNames.PODS, IDENTITY);
            case BLOCK -> lookUp(other, PolicyNames.BLOCKS, IDENTITY);
        };
    }

    private static List<NftExpression> port(PolicyNames.Ports ports) {
        return switch (ports) {
            case ANY -> List.of();
            case ONE -> List.of(PacketFields.protocol(PROTOCOL), PacketFields.destinationPort(PORT));
            case RANGE ->
                List.of(
                        PacketFields.destinationPort(PORT),
                        new NftExpression.MapLookup(PolicyNames.PORTS, PORT, PORT - 1),
                        PacketFields.protocol(PROTOCOL));
        };
    }

    /** Loads what the map has for an address: the source's for egress, the destination's for ingress. */
    private List<NftExpression> lookUp(Direction whose, String map, int register) {
        return List.of(
                address(whose, ADDRESS),
                lastWord(whose, register),
                new NftExpression.MapLookup(map, ADDRESS, register - 1));
    }

    private NftExpression address(Direction whose, int register) {
        return whose == Direction.EGRESS ? fields.source(register) : fields.destination(register);
    }

    /** What nft takes the number for. */
    private NftExpression lastWord(Direction whose, int register) {
        int end = fields.family() == Family.IPV4 ? 16 : 24; // of the source; the destination is next
        int start = whose == Direction.EGRESS ? end - 4 : end + fields.family().bytes() - 4;
        return new NftExpression.Payload(NftExpression.Base.NETWORK, start, 4, register);
    }
}
