package fyr.bgp.bfd;

import java.util.List;

/** The state after an event, and what is to be done. */
public record BfdStep(BfdState state, List<BfdAction> actions) {

    public BfdStep {
        actions = List.copyOf(actions);
    }
}
