package fyr.kernel.iptables;

import fyr.model.address.IpAddress;

/** What a rule does. */
public sealed interface XtTarget {

    /** Nothing: the rule is a remark. */
    record Nothing() implements XtTarget {}

    /** Goes through another chain, and on here if that decides nothing. */
    record Jump(String chain) implements XtTarget {}

    /** {@code RETURN}. */
    record Return() implements XtTarget {}

    /** {@code ACCEPT}: ends this table of iptables, and no chain of nf_tables. */
    record Accept() implements XtTarget {}

    /** {@code DROP}. */
    record Drop() implements XtTarget {}

    /**
     * {@code REJECT}.
     *
     * @param reset whether TCP is reset, which rules for TCP alone can do; otherwise an ICMP error says that no one listens there
     */
    record Reject(boolean reset) implements XtTarget {}

    /** {@code MARK --set-xmark}: clears the bits of the mask and then inverts those of the value. */
    record SetMark(int value, int mask) implements XtTarget {}

    /** {@code MASQUERADE --random-fully}. */
    record Masquerade() implements XtTarget {}

    /** {@code DNAT --to-destination}. */
    record Translate(IpAddress address, int port) implements XtTarget {}

    /** Something that Fyr never writes, in a chain of ours: no plan holds it. */
    record Other(String text) implements XtTarget {}
}
