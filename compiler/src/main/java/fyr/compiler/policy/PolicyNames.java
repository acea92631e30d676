package fyr.compiler.policy;

import fyr.policy.Direction;

/** The names of the sets, maps and chains. */
final class PolicyNames {

    /** The identity of rules for everyone; no peer has it. */
    static final int EVERYONE = 0;

    /** Address of a pod or of the cluster's DNS to identity. */
    static final String PODS = "policy-pods";

    /** Interval of addresses to identity. */
    static final String BLOCKS = "policy-blocks";

    /** Interval of ports to class. */
    static final String PORTS = "policy-ports";

    /** Pairs of source and destination address that are one pod. */
    static final String SELF = "policy-self";

    /** Addresses at which the node answers for the cluster's DNS. */
    static final String DNS = "policy-dns";

    static final String FORWARD = "policy-forward";
    static final String INPUT = "policy-input";

    private PolicyNames() {}

    /** Address of an isolated local pod to its group. */
    static String subjects(Direction direction) {
        return "policy-" + direction.word() + "-subjects";
    }

    /** Group, identity, protocol, port; protocol and port 0 mean any. */
    static String allow(Direction direction) {
        return "policy-" + direction.word() + "-allow";
    }

    /** Group, identity, protocol, class of ports. */
    static String ranges(Direction direction) {
        return "policy-" + direction.word() + "-ranges";
    }

    /** The chain that drops what is not allowed and returns otherwise. */
    static String chain(Direction direction) {
        return "policy-" + direction.word();
    }
}
