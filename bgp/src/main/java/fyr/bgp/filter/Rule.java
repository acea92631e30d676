package fyr.bgp.filter;

/** What happens to some paths. */
public sealed interface Rule {

    /** Which paths the rule is about. */
    Match match();

    /** The path is used, with changes. */
    record Accept(Match match, Changes changes) implements Rule {}

    /** The path is not used. */
    record Reject(Match match) implements Rule {}
}
