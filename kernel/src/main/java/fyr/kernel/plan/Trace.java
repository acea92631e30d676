package fyr.kernel.plan;

import fyr.kernel.nft.NftExpression;
import fyr.model.address.IpAddress;
import java.util.List;

/**
 * The way of one packet through one hook.
 *
 * @param steps the rules that were looked at, in order
 * @param packet as it leaves the hook, rewritten by translation
 */
public record Trace(List<Step> steps, Outcome outcome, Packet packet) {
    public Trace {
        steps = List.copyOf(steps);
    }

    /**
     * One rule.
     *
     * @param completed whether the packet passed every condition of it
     */
    public record Step(String chain, String rule, boolean completed) {}

    /** What became of the packet. */
    public sealed interface Outcome {}

    /** It goes on as it came. */
    public record Accepted() implements Outcome {}

    /** It is gone; the rule is that of the verdict, or empty where a chain's policy dropped it. */
    public record Dropped(String chain, String rule) implements Outcome {}

    /** It is gone and its sender was told. */
    public record Rejected(String chain, String rule, NftExpression.Answer answer) implements Outcome {}

    /** It goes on to another destination. */
    public record Translated(IpAddress address, int port) implements Outcome {}

    /** It goes on with an address of the link it leaves by. */
    public record Masqueraded() implements Outcome {}

    /** Whether the packet goes on. */
    public boolean passed() {
        return !(outcome instanceof Dropped) && !(outcome instanceof Rejected);
    }
}
