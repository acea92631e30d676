package fyr.lab.world;

import fyr.kernel.linux.namespace.NetworkNamespace;
import fyr.kernel.linux.wiring.Wiring;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import fyr.model.address.Prefix;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The connected lab. The router knows the nodes' subnets and the outside, but not the pods; it accepts a packet only from the direction in
 * which it would send answers, so that only an overlay connects pods across subnets. The outside knows only the nodes' subnets.
 */
public final class World {

    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final int MTU = 1500;

    /** Not on nodes: they have the defaults of the kernel and of distributions, and the product has to set what else they need. */
    private static final Map<String, String> BETWEEN_NODES = Map.of(
            "net/ipv6/conf/all/accept_dad", "0",
            "net/ipv6/conf/default/accept_dad", "0",
            "net/ipv6/conf/default/accept_ra", "0",
            "net/ipv6/conf/default/router_solicitations", "0");

    private static final Map<String, String> ROUTER = Map.of(
            "net/ipv4/ip_forward", "1",
            "net/ipv6/conf/all/forwarding", "1",
            "net/ipv4/conf/all/rp_filter", "1",
            "net/ipv4/conf/default/rp_filter", "1",
            "net/bridge/bridge-nf-call-iptables", "0",
            "net/bridge/bridge-nf-call-ip6tables", "0");
    private static final List<Prefix> DEFAULT = List.of(Prefix.parse("0.0.0.0/0"), Prefix.parse("::/0"));

    private final Map<String, NetworkNamespace> nodes = new LinkedHashMap<>();
    private final NetworkNamespace own = NetworkNamespace.current();
    private final NetworkNamespace router = made("router");
    private final NetworkNamespace outside = made("outside");

    private World() {}

    /**
     * Creates everything, from the network namespace of the calling platform thread, which becomes the management machine.
     *
     * @throws IllegalStateException if that is the machine's own network, and not one that fyr-world or build/netns/bin/java made
     */
    public static World build(Topology topology) {
        if (System.getenv("FYR_OWN_NAMESPACE") == null) {
            throw new IllegalStateException("a lab is never built in the machine's own network");
        }
        World world = new World();
        try (Wiring own = Wiring.in(world.own);
                Wiring router = Wiring.in(world.router);
                Wiring outside = Wiring.in(world.outside)) {
            own.settings(BETWEEN_NODES);
            router.settings(BETWEEN_NODES).settings(ROUTER).up("lo");
            outside.settings(BETWEEN_NODES).up("lo");
            router.cable("management", "eth0", world.own, MTU).cable("outside", "eth0", world.outside, MTU);
            own.up("eth0");
            outside.up("eth0");
            addresses(router, "management", Topology.MANAGEMENT_ROUTER, 24, 64);
            addresses(own, "eth0", Topology.MANAGEMENT, 24, 64);
            gateway(own, Topology.MANAGEMENT_ROUTER);
            addresses(router, "outside", Topology.OUTSIDE_ROUTER, 24, 32);
            addresses(outside, "eth0", Topology.OUTSIDE, 24, 32);
            gateway(outside, Topology.OUTSIDE_ROUTER);
            for (int subnet = 0; subnet < topology.subnets(); subnet++) {
                router.bridge("subnet" + subnet);
                addresses(router, "subnet" + subnet, Topology.router(subnet), Topology.SUBNET_LENGTH, 64);
            }
            topology.places().forEach(place -> world.node(router, place));
        }
        return world;
    }

    private void node(Wiring router, Place place) {
        NetworkNamespace node = made(place.name());
        nodes.put(place.name(), node);
        try (Wiring wiring = Wiring.in(node)) {
            wiring.up("lo");
            router.cable(place.name(), "eth0", node, MTU).plug(place.name(), "subnet" + place.subnet());
            wiring.up("eth0");
            addresses(wiring, "eth0", place.addresses(), Topology.SUBNET_LENGTH, 64);
            gateway(wiring, Topology.router(place.subnet()));
        }
    }

    private static NetworkNamespace made(String name) {
        return NetworkNamespace.create(NAMESPACES.resolve(name));
    }

    private static void addresses(
            Wiring wiring, String link, List<IpAddress> addresses, int ipv4Length, int ipv6Length) {
        addresses.forEach(
                address -> wiring.address(link, address, address.family() == Family.IPV4 ? ipv4Length : ipv6Length));
    }

    private static void gateway(Wiring wiring, List<IpAddress> gateways) {
        for (IpAddress gateway : gateways) {
            DEFAULT.stream().filter(all -> all.family() == gateway.family()).forEach(all -> wiring.route(all, gateway));
        }
    }

    /** A node's network. */
    public NetworkNamespace node(String name) {
        NetworkNamespace node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException(
                    "no node " + name + " in this lab: " + String.join(", ", nodes.keySet()));
        }
        return node;
    }

    /** The network of the machine that stands for the internet. */
    public NetworkNamespace outside() {
        return outside;
    }

    /** Makes the network of a pod; it lives until {@link #removePod}. */
    public static NetworkNamespace createPod(String uid) {
        NetworkNamespace pod = NetworkNamespace.create(podFile(uid));
        try (Wiring wiring = Wiring.in(pod)) {
            wiring.up("lo");
            return pod;
        } catch (RuntimeException failure) {
            pod.close();
            throw failure;
        }
    }

    /** The file of a pod's network. */
    public static Path podFile(String uid) {
        return NAMESPACES.resolve("pod-" + uid);
    }

    /** Removes a pod's network; a missing one is no error. */
    public static void removePod(String uid) {
        NetworkNamespace.delete(podFile(uid));
    }
}
