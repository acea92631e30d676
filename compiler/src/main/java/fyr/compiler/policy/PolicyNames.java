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

    /** The chain that judges what pods send to themselves. */
    static final String SELF_CHAIN = "policy-self";

    static final String FORWARD = "policy-forward";
    static final String INPUT = "policy-input";

    private PolicyNames() {}

    /** Addresses of isolated local pods whose rules all accept. */
    static String subjects(Direction direction) {
        return "policy-" + direction.word() + "-subjects";
    }

    /** Addresses of local pods with rules whose order counts. */
    static String orderedSubjects(Direction direction) {
        return "policy-" + direction.word() + "-ordered-subjects";
    }

    /** Address of a local pod to its group. */
    static String groups(Direction direction) {
        return "policy-" + direction.word() + "-groups";
    }

    /** Addresses of local pods whose connections to themselves are judged. */
    static String selfSubjects(Direction direction) {
        return "policy-" + direction.word() + "-self-subjects";
    }

    /** Address of a local pod to its group for connections to itself. */
    static String selfGroups(Direction direction) {
        return "policy-" + direction.word() + "-self-groups";
    }

    /** How a verdict, that is an element, speaks of ports; in the order in which verdicts are looked up. */
    enum Ports {
        /** Protocol and port. */
        ONE("port", "port"),
        /** Protocol and class of ports. */
        RANGE("range", "range of ports"),
        /** Not at all. */
        ANY("any", "any port");

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

    /** What groups accept from or to identities: group, identity, ports. */
    static String peer(Direction direction, Ports ports) {
        return "policy-" + direction.word() + "-peer-" + ports.word;
    }

    /** What groups accept from or to everyone: group, ports. */
    static String everyone(Direction direction, Ports ports) {
        return "policy-" + direction.word() + "-everyone-" + ports.word;
    }

    /** What groups with ordered rules deny identities: group, identity, ports. */
    static String deniedPeer(Direction direction, Ports ports) {
        return "policy-" + direction.word() + "-denied-peer-" + ports.word;
    }

    /** What groups with ordered rules deny everyone: group, ports. */
    static String deniedEveryone(Direction direction, Ports ports) {
        return "policy-" + direction.word() + "-denied-everyone-" + ports.word;
    }

    /** The chain for pods with ordered rules; it drops what is denied and returns otherwise. */
    static String orderedChain(Direction direction) {
        return "policy-" + direction.word() + "-ordered";
    }

    /** The chain for pods whose rules all accept; it drops what is not accepted and returns otherwise. */
    static String chain(Direction direction) {
        return "policy-" + direction.word();
    }

    /** The same for connections of pods to themselves. */
    static String selfChain(Direction direction) {
        return "policy-" + direction.word() + "-self";
    }
}
