package fyr.compiler.service.cases;

import fyr.compiler.service.Backend;
import fyr.kernel.nft.NftExpression;
import fyr.kernel.nft.NftHook;
import fyr.kernel.plan.KernelPlan;
import fyr.kernel.plan.Packet;
import fyr.kernel.plan.Trace;
import fyr.model.Protocol;
import fyr.model.address.Family;
import fyr.model.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The way through a kernel with the rules of a plan: prerouting or output, where the destination is translated, then the route to that
 * destination, then forward or input, then postrouting, where the source is. What is for a virtual server is for the node itself first, and
 * goes on to its endpoint through output and postrouting.
 */
final class KernelPath implements ConnectionPath {

    private static final int FIRST_PORT = 32768;
    private static final int PORTS = 28232;
    private static final int RTN_UNICAST = 1; // include/uapi/linux/rtnetlink.h
    private static final int RTN_LOCAL = 2;

    private final Scene scene;
    private final Hooks hooks;
    private final Balancer balancer;
    private final RandomGenerator random;

    /** What the rules of a plan do at each hook. */
    interface Hooks {

        /** The way of a packet through the rules of one hook. */
        Trace trace(NftHook.Point point, Packet packet);

        /** The hooks with the rules of the plan that follows; they remember what these do. */
        Hooks after(KernelPlan change);
    }

    /** What takes packets for the node itself to endpoints. */
    interface Balancer {

        /** One that takes none. */
        Balancer NONE = new Balancer() {
            @Override
            public boolean isLocal(IpAddress address) {
                return false;
            }

            @Override
            public Optional<Backend> endpoint(Packet packet) {
                return Optional.empty();
            }

            @Override
            public Trace left(NftHook.Point point, Packet packet) {
                return new Trace(List.of(), new Trace.Accepted(), packet);
            }

            @Override
            public Balancer after(KernelPlan change) {
                return this;
            }
        };

        /** Whether an address is the node's own because of a route. */
        boolean isLocal(IpAddress address);

        /** Where a packet for the node itself goes, if it is for a virtual server that has endpoints. */
        Optional<Backend> endpoint(Packet packet);

        /** What becomes of a packet for the node itself that goes to none. */
        Trace left(NftHook.Point point, Packet packet);

        /** That of the plan that follows. */
        Balancer after(KernelPlan change);
    }

    /** A way through these hooks. */
    KernelPath(Scene scene, Hooks hooks, RandomGenerator random) {
        this(scene, hooks, Balancer.NONE, random);
    }

    /** A way through these hooks and a balancer. */
    KernelPath(Scene scene, Hooks hooks, Balancer balancer, RandomGenerator random) {
        this.scene = scene;
        this.hooks = hooks;
        this.balancer = balancer;
        this.random = random;
    }

    @Override
    public ConnectionPath after(KernelPlan change) {
        return new KernelPath(scene, hooks.after(change), balancer.after(change), random);
    }

    @Override
    public Outcome connect(Place from, Place to, int port, Protocol protocol, Family family) {
        Packet packet = Packet.first(
                from.in(family), to.in(family), protocol.number(), FIRST_PORT + random.nextInt(PORTS), port);
        return scene.owns(from)
                ? sent(packet)
                : arrived(packet.through(from.side().link(), ""));
    }

    private Outcome arrived(Packet packet) {
        Trace prerouting = hooks.trace(NftHook.Point.PREROUTING, routed(packet));
        if (!prerouting.passed()) {
            return lost(prerouting);
        }
        Packet next = routed(prerouting.packet());
        if (isLocal(next)) {
            Trace input = hooks.trace(NftHook.Point.INPUT, next);
            return input.passed() ? arrivedHere(input.packet()) : lost(input);
        }
        Packet leaving = next.through(next.inputInterface(), link(next));
        Trace forward = hooks.trace(NftHook.Point.FORWARD, leaving);
        return forward.passed() ? leaves(forward.packet()) : lost(forward);
    }

    private Outcome arrivedHere(Packet packet) {
        Optional<Packet> balanced = balancer.endpoint(packet).map(endpoint -> towards(packet, endpoint));
        if (balanced.isEmpty()) {
            Trace left = balancer.left(NftHook.Point.INPUT, packet);
            return left.passed() ? reached(packet, false) : lost(left);
        }
        if (scene.owns(balanced.get().destination())) {
            return reached(balanced.get(), false);
        }
        Packet leaving = balanced.get().through(packet.inputInterface(), link(balanced.get()));
        Trace output = hooks.trace(NftHook.Point.OUTPUT, leaving);
        return output.passed() ? leaves(output.packet()) : lost(output);
    }

    /** The kernel does not mark the connection as translated. */
    private static Packet towards(Packet packet, Backend endpoint) {
        return new Packet(
                packet.source(),
                endpoint.address(),
                packet.protocol(),
                packet.sourcePort(),
                endpoint.port(),
                packet.inputInterface(),
                packet.outputInterface(),
                packet.mark(),
                RTN_UNICAST,
                packet.connection());
    }

    /**
     * A packet to the node itself passes postrouting as well, and comes back by the loopback link, already translated. By then its connection
     * is tracked: to be refused there is too late, because a UDP client would keep an untranslated flow.
     */
    private Outcome sent(Packet packet) {
        Packet first = routed(packet);
        Trace output = hooks.trace(NftHook.Point.OUTPUT, first.through("", link(first)));
        if (!output.passed()) {
            return lost(output);
        }
        Packet next = routed(output.packet());
        Optional<Packet> balanced = balancer.endpoint(next).map(endpoint -> towards(next, endpoint));
        if (balanced.isPresent()) {
            return leaves(balanced.get().through("", link(balanced.get())));
        }
        Packet leaving = next.through("", link(next));
        Trace left = balancer.left(NftHook.Point.OUTPUT, leaving);
        if (!left.passed()) {
            return lost(left);
        }
        if (!isLocal(leaving)) {
            return leaves(leaving);
        }
        Trace input = hooks.trace(NftHook.Point.INPUT, leaving.through("lo", ""));
        return input.passed() ? leaves(leaving) : new Outcome.Dropped();
    }

    private Outcome leaves(Packet packet) {
        Trace postrouting = hooks.trace(NftHook.Point.POSTROUTING, packet);
        return postrouting.passed()
                ? reached(postrouting.packet(), postrouting.outcome() instanceof Trace.Masqueraded)
                : lost(postrouting);
    }

    /** TCP is refused by a reset: clients do not hear of each ICMP error, because the kernel limits their number (Refusal). */
    private static Outcome lost(Trace trace) {
        return trace.outcome() instanceof Trace.Rejected(var _, var _, var answer)
                        && (answer == NftExpression.Answer.TCP_RESET
                                || trace.packet().protocol() != Protocol.TCP.number())
                ? new Outcome.Refused()
                : new Outcome.Dropped();
    }

    private static Outcome reached(Packet packet, boolean masqueraded) {
        Packet.Connection connection = packet.connection();
        boolean untouched = packet.destination().equals(connection.originalDestination())
                && packet.destinationPort() == connection.originalDestinationPort();
        return untouched
                ? new Outcome.Untouched()
                : new Outcome.Reached(
                        Place.of(packet.destination()).orElseThrow(), packet.destinationPort(), masqueraded);
    }

    private Packet routed(Packet packet) {
        return packet.towards(isLocal(packet) ? RTN_LOCAL : RTN_UNICAST);
    }

    private boolean isLocal(Packet packet) {
        return scene.owns(packet.destination()) || balancer.isLocal(packet.destination());
    }

    private String link(Packet packet) {
        IpAddress to = packet.destination();
        return isLocal(packet)
                ? "lo"
                : Place.of(to)
                        .orElseThrow(() -> new IllegalStateException("nobody is " + to))
                        .side()
                        .link();
    }
}
