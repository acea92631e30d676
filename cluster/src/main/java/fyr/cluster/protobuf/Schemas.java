package fyr.cluster.protobuf;

import static fyr.cluster.protobuf.Field.flag;
import static fyr.cluster.protobuf.Field.many;
import static fyr.cluster.protobuf.Field.map;
import static fyr.cluster.protobuf.Field.number;
import static fyr.cluster.protobuf.Field.numberOrText;
import static fyr.cluster.protobuf.Field.one;
import static fyr.cluster.protobuf.Field.text;
import static fyr.cluster.protobuf.Field.texts;
import static fyr.cluster.protobuf.Field.time;

/**
 * The fields that Fyr reads, with the numbers of the {@code generated.proto} of k8s.io/api (core/v1, discovery/v1, networking/v1) and of
 * k8s.io/apimachinery (meta/v1). Numbers never change. Only the annotations that are named here are read. {@code SchemasTest} compares it
 * with the names that the readers know, {@code ClusterPeerIT} with the JSON of the same server.
 */
public final class Schemas {

    /** Set on the bookmark that ends the initial events of a streaming list (KEP-3157). */
    public static final String INITIAL_EVENTS_END = "k8s.io/initial-events-end";

    /** When the change was caused that an EndpointSlice tells of. */
    public static final String LAST_CHANGE = "endpoints.kubernetes.io/last-change-trigger-time";

    /** The scheduler that mode ipvs uses for a Service. */
    public static final String SCHEDULER = "fyr.dev/ipvs-scheduler";

    private static final Message META = meta(INITIAL_EVENTS_END, "kubernetes.io/config.mirror", LAST_CHANGE);

    static final Message LIST_META = Message.of(text(2, "resourceVersion"), text(3, "continue"));

    static final Message STATUS = Message.of(
            text(3, "message"),
            text(4, "reason"),
            one(5, "details", Message.of(number(5, "retryAfterSeconds"))),
            number(6, "code"));

    private static final Message SELECTOR = Message.of(
            map(1, "matchLabels"),
            many(2, "matchExpressions", Message.of(text(1, "key"), text(2, "operator"), texts(3, "values"))));

    /** core/v1 Node. */
    public static final Message NODE = Message.of(
            one(1, "metadata", META),
            one(
                    2,
                    "spec",
                    Message.of(
                            text(1, "podCIDR"), many(5, "taints", Message.of(text(1, "key"))), texts(7, "podCIDRs"))),
            one(
                    3,
                    "status",
                    Message.of(
                            many(4, "conditions", Message.of(text(1, "type"), text(2, "status"))),
                            many(5, "addresses", Message.of(text(1, "type"), text(2, "address"))))));

    /** core/v1 Namespace. */
    public static final Message NAMESPACE = Message.of(one(1, "metadata", META));

    private static final Message CONTAINER = Message.of(
            many(6, "ports", Message.of(text(1, "name"), number(3, "containerPort"), text(4, "protocol"))),
            text(24, "restartPolicy"));

    /** core/v1 Pod. */
    public static final Message POD = Message.of(
            one(1, "metadata", META),
            one(
                    2,
                    "spec",
                    Message.of(
                            many(2, "containers", CONTAINER),
                            text(10, "nodeName"),
                            flag(11, "hostNetwork"),
                            many(20, "initContainers", CONTAINER))),
            one(
                    3,
                    "status",
                    Message.of(text(1, "phase"), text(6, "podIP"), many(12, "podIPs", Message.of(text(1, "ip"))))));

    /** core/v1 Service. */
    public static final Message SERVICE = Message.of(
            one(1, "metadata", meta(INITIAL_EVENTS_END, SCHEDULER)),
            one(
                    2,
                    "spec",
                    Message.of(
                            many(
                                    1,
                                    "ports",
                                    Message.of(
                                            text(1, "name"),
                                            text(2, "protocol"),
                                            number(3, "port"),
                                            numberOrText(4, "targetPort"),
                                            number(5, "nodePort"),
                                            text(6, "appProtocol"))),
                            map(2, "selector"),
                            text(3, "clusterIP"),
                            text(4, "type"),
                            texts(5, "externalIPs"),
                            text(7, "sessionAffinity"),
                            text(8, "loadBalancerIP"),
                            texts(9, "loadBalancerSourceRanges"),
                            text(10, "externalName"),
                            text(11, "externalTrafficPolicy"),
                            number(12, "healthCheckNodePort"),
                            flag(13, "publishNotReadyAddresses"),
                            one(
                                    14,
                                    "sessionAffinityConfig",
                                    Message.of(one(1, "clientIP", Message.of(number(1, "timeoutSeconds"))))),
                            text(17, "ipFamilyPolicy"),
                            texts(18, "clusterIPs"),
                            texts(19, "ipFamilies"),
                            flag(20, "allocateLoadBalancerNodePorts"),
                            text(21, "loadBalancerClass"),
                            text(22, "internalTrafficPolicy"),
                            text(23, "trafficDistribution"))),
            one(
                    3,
                    "status",
                    Message.of(one(
                            1,
                            "loadBalancer",
                            Message.of(many(
                                    1,
                                    "ingress",
                                    Message.of(text(1, "ip"), text(2, "hostname"), text(3, "ipMode"))))))));

    private static final Message NAMES = Message.of(text(1, "name"));

    /** discovery.k8s.io/v1 EndpointSlice. */
    public static final Message ENDPOINT_SLICE = Message.of(
            one(1, "metadata", META),
            many(
                    2,
                    "endpoints",
                    Message.of(
                            texts(1, "addresses"),
                            one(
                                    2,
                                    "conditions",
                                    Message.of(flag(1, "ready"), flag(2, "serving"), flag(3, "terminating"))),
                            text(3, "hostname"),
                            text(6, "nodeName"),
                            text(7, "zone"),
                            one(8, "hints", Message.of(many(1, "forZones", NAMES), many(2, "forNodes", NAMES))))),
            many(
                    3,
                    "ports",
                    Message.of(text(1, "name"), text(2, "protocol"), number(3, "port"), text(4, "appProtocol"))),
            text(4, "addressType"));

    private static final Message PEER = Message.of(
            one(1, "podSelector", SELECTOR),
            one(2, "namespaceSelector", SELECTOR),
            one(3, "ipBlock", Message.of(text(1, "cidr"), texts(2, "except"))));

    private static final Message POLICY_PORT =
            Message.of(text(1, "protocol"), numberOrText(2, "port"), number(3, "endPort"));

    /** networking.k8s.io/v1 NetworkPolicy. */
    public static final Message NETWORK_POLICY = Message.of(
            one(1, "metadata", META),
            one(
                    2,
                    "spec",
                    Message.of(
                            one(1, "podSelector", SELECTOR),
                            many(2, "ingress", Message.of(many(1, "ports", POLICY_PORT), many(2, "from", PEER))),
                            many(3, "egress", Message.of(many(1, "ports", POLICY_PORT), many(2, "to", PEER))),
                            texts(4, "policyTypes"))));

    /** networking/v1 ServiceCIDR. */
    public static final Message SERVICE_CIDR =
            Message.of(one(1, "metadata", META), one(2, "spec", Message.of(texts(1, "cidrs"))));

    /** core/v1 Service, as far as load balancer addresses are concerned. */
    public static final Message BALANCED_SERVICE = Message.of(
            one(1, "metadata", meta(BalancerAnnotations.all())),
            one(
                    2,
                    "spec",
                    Message.of(
                            many(1, "ports", Message.of(text(2, "protocol"), number(3, "port"))),
                            map(2, "selector"),
                            text(4, "type"),
                            text(8, "loadBalancerIP"),
                            text(11, "externalTrafficPolicy"),
                            text(17, "ipFamilyPolicy"),
                            texts(19, "ipFamilies"),
                            text(21, "loadBalancerClass"))),
            one(
                    3,
                    "status",
                    Message.of(
                            one(
                                    1,
                                    "loadBalancer",
                                    Message.of(many(
                                            1,
                                            "ingress",
                                            Message.of(text(1, "ip"), text(2, "hostname"), text(3, "ipMode"))))),
                            many(
                                    2,
                                    "conditions",
                                    Message.of(
                                            text(1, "type"),
                                            text(2, "status"),
                                            text(5, "reason"),
                                            text(6, "message"))))));

    private static Message meta(String... annotations) {
        return Message.of(
                text(1, "name"),
                text(3, "namespace"),
                text(5, "uid"),
                text(6, "resourceVersion"),
                time(8, "creationTimestamp"),
                time(9, "deletionTimestamp"),
                map(11, "labels"),
                map(12, "annotations", annotations));
    }

    private Schemas() {}
}
