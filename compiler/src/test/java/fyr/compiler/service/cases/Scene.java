package fyr.compiler.service.cases;

import fyr.compiler.feature.NodeIdentity;
import fyr.compiler.feature.NodeInputs;
import fyr.compiler.feature.ServiceOptions;
import fyr.kernel.link.HostLink;
import fyr.model.Attachment;
import fyr.model.Labels;
import fyr.model.NamespacedName;
import fyr.model.Node;
import fyr.model.ServiceCidr;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.MacAddress;
import fyr.model.address.Prefix;
import fyr.model.persistent.PersistentMap;
import fyr.testkit.ClusterSketch;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A cluster and what the operator of the node {@code self} decided.
 *
 * @param earlier the services that there were before, while clients already made connections; none if nothing was before
 * @param ownAlso addresses that the node has in addition
 * @param ranged whether the cluster says from which ranges virtual addresses are given
 */
record Scene(
        List<ServiceDraft> earlier,
        List<ServiceDraft> services,
        ServiceOptions options,
        Set<Place> ownAlso,
        boolean ranged) {

    /** The port of a service's virtual address and external addresses. */
    static final int PORT = 80;

    /** A port that no service has. */
    static final int UNDEFINED_PORT = 81;

    /** A service's node port. */
    static final int NODE_PORT = 30080;

    /** Where the endpoints listen. */
    static final int TARGET_PORT = 8080;

    /** Where endpoints of another slice listen. */
    static final int OTHER_TARGET_PORT = 8081;

    private static final List<Prefix> RANGES = List.of(Prefix.parse("10.96.0.0/16"), Prefix.parse("fd00:96::/112"));

    private static final Set<Place> OWN = EnumSet.of(Place.NODE, Place.SECOND, Place.LOOPBACK);

    static Scene of(ServiceDraft... services) {
        return new Scene(List.of(), List.of(services), ServiceOptions.USUAL, Set.of(), false);
    }

    /** The same, in which there were other services before. */
    Scene after(ServiceDraft... before) {
        return new Scene(List.of(before), services, options, ownAlso, ranged);
    }

    Scene with(ServiceOptions others) {
        return new Scene(earlier, services, others, ownAlso, ranged);
    }

    /** The same on a node that also has this address. */
    Scene owning(Place place) {
        return new Scene(earlier, services, options, Set.of(place), ranged);
    }

    /** The same in a cluster that says from which ranges virtual addresses are given, or does not. */
    Scene ranged(boolean says) {
        return new Scene(earlier, services, options, ownAlso, says);
    }

    /** Whether an address is known to be virtual. */
    boolean isVirtual(IpAddress address) {
        return ranged && RANGES.stream().anyMatch(range -> range.contains(address));
    }

    boolean owns(Place place) {
        return OWN.contains(place) || ownAlso.contains(place);
    }

    boolean owns(IpAddress address) {
        return Place.of(address).filter(this::owns).isPresent();
    }

    /** What the plan of the node is a function of. */
    NodeInputs inputs(Family family) {
        return inputs(services, family);
    }

    /** The same before the change. */
    NodeInputs inputsBefore(Family family) {
        return inputs(earlier, family);
    }

    private NodeInputs inputs(List<ServiceDraft> drafts, Family family) {
        ClusterSketch cluster = ClusterSketch.empty()
                .node(node("self", "a", Place.NODE.in(Family.IPV4), Place.NODE.in(Family.IPV6), 1))
                .node(node("other", "b", IpAddress.parse("172.19.0.2"), IpAddress.parse("fd00:19::2"), 2))
                .node(node("near", "a", IpAddress.parse("172.19.0.3"), IpAddress.parse("fd00:19::3"), 3));
        for (ServiceDraft draft : drafts) {
            cluster = draft.in(cluster, family);
        }
        PersistentMap<String, ServiceCidr> ranges = PersistentMap.empty();
        return NodeInputs.of(identity().withServices(options))
                .with(cluster.snapshot()
                        .withServiceCidrs(ranged ? ranges.with("ranges", new ServiceCidr("ranges", RANGES)) : ranges))
                .withAttachments(PersistentMap.<String, Attachment>empty()
                        .with("a/eth0", attachment(Place.POD_A, "a"))
                        .with("b/eth0", attachment(Place.POD_B, "b")));
    }

    private static Node node(String name, String zone, IpAddress ipv4, IpAddress ipv6, int block) {
        return new Node(
                name,
                0,
                List.of(ipv4, ipv6),
                List.of(Prefix.parse("10.244." + block + ".0/24"), Prefix.parse("fd00:244:" + block + "::/64")),
                Labels.of(Map.of(Node.ZONE, zone)));
    }

    private static NodeIdentity identity() {
        return new NodeIdentity(
                "self",
                new HostLink(
                        Place.Side.CLIENT.link(),
                        1500,
                        List.of(Prefix.parse("172.18.0.0/24"), Prefix.parse("fd00:18::/64"))),
                NodeIdentity.Overlay.DIRECT,
                List.of(),
                List.of());
    }

    private static Attachment attachment(Place pod, String container) {
        return new Attachment(
                container,
                "eth0",
                pod.side().link(),
                podMac(pod),
                Arrays.stream(Family.values()).map(pod::in).toList(),
                new NamespacedName("default", container));
    }

    /** The Ethernet address of a pod's end of its link. */
    static MacAddress podMac(Place pod) {
        return MacAddress.local(pod.ordinal());
    }
}
