package fyr.model.observation;

/** Who objects to an object, and how much. Objections of one sort are told and taken back apart from those of the others. */
public enum Objection {
    /** It holds what cannot be true, says who reads it. */
    UNREADABLE,
    /** It asks for what is not carried out yet, says who reads it; what can be is carried out. */
    UNSUPPORTED,
    /** It cannot be carried out beside all others, says the plan. */
    CONTESTED,
    /** It asks for load balancer addresses that it cannot have, or offers them wrongly, says the one agent that is elected to assign them. */
    UNASSIGNED
}
