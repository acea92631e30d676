package fyr.cli.lab;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** NetworkPolicies with values that cannot be, for the pod {@code evil2}, for no pod, and in another namespace. */
final class HostilePolicies {

    private static final String DECOY = "podSelector: {matchLabels: {app: evil}}, policyTypes: [Ingress, Egress]";

    private final HostileObjects objects = new HostileObjects();

    private HostilePolicies() {}

    static HostileObjects all() {
        HostilePolicies policies = new HostilePolicies();
        policies.blocks();
        policies.ports();
        policies.selectors();
        policies.large();
        return policies.objects;
    }

    private void policy(String namespace, String name, String spec) {
        objects.add(
                "apis/networking.k8s.io/v1/namespaces/" + namespace + "/networkpolicies",
                "networking.k8s.io/v1",
                "NetworkPolicy",
                name,
                "",
                "spec: {" + spec + "}");
    }

    private void refused(String name, String rule) {
        policy("default", name, DECOY + ", " + rule);
        objects.reported("NetworkPolicy default/" + name);
    }

    private void blocks() {
        block("b-length", "10.0.0.0/33", "");
        block("b-octet", "300.1.1.1/8", "");
        block("b-length6", "'fd00::/129'", "");
        block("b-negative", "10.0.0.0/-1", "");
        block("b-lengthless", "10.0.0.0", "");
        block("b-text", "everything", "");
        block("b-except", "10.0.0.0/8", "10.0.0.0/99");
        policy("default", "b-all", DECOY + ", ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [0.0.0.0/0]}}]}]");
        policy("default", "b-all6", DECOY + ", egress: [{to: [{ipBlock: {cidr: '::/0', except: ['::/0', '::/1']}}]}]");
        policy(
                "default",
                "b-outside",
                DECOY + ", ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [192.168.0.0/16]}}]}]");
        policy(
                "default",
                "b-family",
                DECOY + ", ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: ['fd00::/8']}}]}]");
        policy("default", "b-bits", DECOY + ", ingress: [{from: [{ipBlock: {cidr: 10.1.2.3/8}}]}]");
        policy(
                "default",
                "b-special",
                DECOY + ", egress: [{to: [{ipBlock: {cidr: 127.0.0.0/8}}, {ipBlock: {cidr: 'ff00::/8'}}]}]");
    }

    private void block(String name, String cidr, String except) {
        refused(
                name,
                "ingress: [{from: [{ipBlock: {cidr: " + cidr + (except.isEmpty() ? "" : ", except: [" + except + "]")
                        + "}}]}]");
    }

    private void ports() {
        refused("p-inverted", "ingress: [{ports: [{protocol: TCP, port: 9000, endPort: 80}]}]");
        refused("p-zero", "ingress: [{ports: [{protocol: TCP, port: 0}]}]");
        refused("p-high", "egress: [{ports: [{protocol: TCP, port: 65536}]}]");
        refused("p-end-high", "egress: [{ports: [{protocol: TCP, port: 1, endPort: 65536}]}]");
        refused("p-negative", "egress: [{ports: [{protocol: UDP, port: -1}]}]");
        refused("p-end-only", "egress: [{ports: [{protocol: UDP, endPort: 80}]}]");
        refused("p-end-named", "egress: [{ports: [{protocol: UDP, port: http, endPort: 80}]}]");
        refused("p-protocol", "ingress: [{ports: [{protocol: ICMP, port: 80}]}]");
        refused("p-shape", "ingress: [{ports: {protocol: TCP}}]");
        policy(
                "default",
                "p-absent",
                DECOY + ", ingress: [{ports: [{protocol: TCP, port: no-such-port}, {port: "
                        + HostileObjects.quoted("x".repeat(300)) + "}]}]");
        policy(
                "default",
                "p-all",
                DECOY + ", ingress: [{ports: [{protocol: TCP, port: 1, endPort: 65535}, {protocol: SCTP}]}]");
    }

    private void selectors() {
        refused(
                "s-operator",
                "ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: Like, values: [web]}]}}]}]");
        refused("s-valueless", "ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: In}]}}]}]");
        refused("s-shape", "ingress: [{from: [{podSelector: [app]}]}]");
        refused("s-rules", "ingress: everything");
        // What such a policy selects is not known: it may be every pod of its namespace.
        policy(
                "evil",
                "s-unknown",
                "podSelector: {matchExpressions: [{key: app, operator: Like}]}, policyTypes: [Ingress, Egress]");
        objects.reported("NetworkPolicy evil/s-unknown");
        policy("evil", "s-none", "policyTypes: [Bogus]");
        policy("no-such-namespace", "s-orphan", "podSelector: {}, policyTypes: [Ingress, Egress]");
        policy("default", "s-empty-peer", DECOY + ", ingress: [{from: [{}]}]");
        policy(
                "default",
                "s-both",
                DECOY + ", ingress: [{from: [{podSelector: {}, namespaceSelector: {}, ipBlock: {cidr: 10.0.0.0/8}}]}]");
        policy(
                "default",
                "s-labels",
                "podSelector: {matchLabels: {'': '', 'a/b/c': " + HostileObjects.quoted("v".repeat(5000))
                        + "}}, policyTypes: [Ingress]");
    }

    private void large() {
        String values = IntStream.range(0, 5000).mapToObj(i -> "v" + i).collect(Collectors.joining(", "));
        policy(
                "default",
                "l-values",
                "podSelector: {matchExpressions: [{key: app, operator: In, values: [evil, " + values
                        + "]}]}, policyTypes: [Ingress], ingress: [{from: [{podSelector: {matchExpressions: [{key: app, operator: NotIn, values: ["
                        + values + "]}]}}]}]");
        String blocks = IntStream.range(0, 2000)
                .mapToObj(i -> "{ipBlock: {cidr: 10." + i / 250 + "." + i % 250 + ".0/24, except: [10." + i / 250 + "."
                        + i % 250 + ".128/25]}}")
                .collect(Collectors.joining(", "));
        policy(
                "default",
                "l-blocks",
                DECOY + ", ingress: [{from: [" + blocks + "]}], egress: [{to: [" + blocks + "]}]");
        String ports = IntStream.range(1, 500)
                .mapToObj(i -> "{protocol: TCP, port: " + i * 100 + ", endPort: " + (i * 100 + 50) + "}")
                .collect(Collectors.joining(", "));
        policy("default", "l-ports", DECOY + ", ingress: [{ports: [" + ports + "]}]");
        for (int i = 0; i < 100; i++) {
            policy(
                    "default",
                    "l-many" + i,
                    DECOY + ", ingress: [{from: [{podSelector: {matchLabels: {app: x" + i + "}}}], ports: [{port: "
                            + (1000 + i) + "}]}]");
        }
    }
}
