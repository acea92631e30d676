package fyr.compiler.policy;

import fyr.policy.Direction;

/** The names of the sets, maps and chains. */
final class PolicyNames {

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

    /** Addresses of isolated local pods. */
    static String subjects(Direction direction) {
        return "policy-" + direction.word() + "-subjects";
    }

    /** Address of an isolated local pod to its group. */
    static String groups(Direction direction) {
        return "policy-" + direction.word() + "-groups";
    }

    /** How an allowance, that is an element, speaks of ports. */
    enum Ports {
        /** Protocol and port. */
        ONE("port", "port"),
        /** Not at all. */
        ANY("any", "any port"),
        /** Protocol and class of ports. */
        RANGE("range", "range of ports");

        private final String word;
        private final String words;

        Ports(String word, String words) {
            this.word = word;
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    /** What groups allow identities: group, identity, ports. */
    static String peer(Direction direction, Ports ports) {
        return "policy-" + direction.word() + "-peer-" + ports.word;
    }

    /** What groups allow everyone: group, ports. */
    static String everyone(Direction direction, Ports ports) {
        return "policy-" + direction.word() + "-everyone-" + ports.word;
    }

    /** The chain that drops what is not allowed and returns otherwise. */
    static String chain(Direction direction) {
        return "policy-" + direction.word();
    }
}
