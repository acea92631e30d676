package fyr.policy;

/** What a rule of a tier does with the traffic that it matches. */
public enum Action {
    /** The traffic is accepted; nothing further is evaluated in this direction. */
    ACCEPT,
    /** The traffic is dropped; nothing further is evaluated. */
    DENY,
    /** The rest of the tier is skipped, and the next tier is evaluated. */
    PASS
}
