package fyr.bgp.message;

import java.util.List;

/** A message as it is to be applied, and what was wrong with it. Routes that are treated as withdrawn are among the withdrawn ones of the update. */
public record Reading(Message message, List<AttributeFault> faults) {

    public Reading {
        faults = List.copyOf(faults);
    }

    static Reading of(Message message) {
        return new Reading(message, List.of());
    }
}
